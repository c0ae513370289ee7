import { isAddressOrBlock } from '@shopgraph/kit';
import { z } from 'zod';
import type { Budget } from './demand/leaky-bucket';

/** A number of things, one at the least. */
export const count = z.coerce.number().int().positive();

/** A number of things, or none. */
export const countOrNone = z.coerce.number().int().nonnegative();

/** A time in milliseconds. */
export const milliseconds = count;

/** So many requests in so many seconds. */
export interface Rate {
  readonly count: number;
  readonly seconds: number;
}

/** Reads `count/seconds`, such as `100/900`. */
export const rateSchema = z
  .string()
  .regex(/^[1-9]\d*\/[1-9]\d*$/, 'expected count/seconds, such as 100/900')
  .transform((text): Rate => {
    const [count, seconds] = text.split('/').map(Number) as [number, number];
    return { count, seconds };
  });

/** Reads `size/restoreRate`, such as `20000/200`: what may be spent at once, and what comes back every second. */
export const budgetSchema = z
  .string()
  .regex(/^[1-9]\d{0,9}\/[1-9]\d{0,9}$/, 'expected size/restore rate, such as 20000/200')
  .transform((text): Budget => {
    const [size, restoreRate] = text.split('/').map(Number) as [number, number];
    return { size, restoreRate };
  });

/** Reads `a,b,c`; spaces around the commas and empty places do not count. */
export const listSchema = z.string().transform(splitList);

/** Reads `users=http://users:4001/graphql,orders=http://a:4004/graphql|http://b:4004/graphql`: all replicas of each. */
export const subgraphUrlsSchema = pairsOf(
  z
    .string()
    .transform((text) => text.split('|').map((url) => url.trim()))
    .pipe(z.array(z.url({ protocol: /^https?$/ })))
    .refine((urls) => new Set(urls).size === urls.length),
);

/** Reads `public=schema/contracts/public.supergraph.graphql`, the files of supergraphs by name. */
export const supergraphsSchema = pairsOf(z.string());

/** Reads `orders=5000,users=1000`, in milliseconds. */
export const subgraphTimeoutsSchema = pairsOf(z.coerce.number().int().positive());

/**
 * Reads which proxies are believed about the client's address: a number of hops, or a list of addresses and
 * CIDR blocks. Nobody is, where nothing is given.
 */
export const trustProxySchema = z.string().transform((text, context): number | string[] => {
  if (/^\d+$/.test(text)) return Number(text);
  const addresses = splitList(text);
  const wrong = addresses.find((address) => !isAddressOrBlock(address));
  if (wrong === undefined) return addresses;
  context.addIssue(`${wrong} is neither an IP address nor a CIDR block; a number of hops is possible, too`);
  return z.NEVER;
});

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function pairsOf<Output>(valueSchema: z.ZodType<Output>) {
  return z.string().transform((text, context): ReadonlyMap<string, Output> => {
    const pairs = splitList(text).map((pair) => {
      const [, name = '', value = ''] = /^([\w-]+)=(.+)$/.exec(pair) ?? [];
      const parsed = valueSchema.safeParse(value);
      if (name === '' || !parsed.success) context.addIssue(`${pair} is not name=value with a value of the right kind`);
      return [name, parsed.data as Output] as const;
    });
    return new Map(pairs);
  });
}
