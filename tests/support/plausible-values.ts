import { randomUUID } from 'node:crypto';
import type { InputLeaf } from './input-leaves';
import { PASSWORD } from './start-test-shop';

/** Text that suits a field of this name. */
const BY_NAME: Readonly<Record<string, string>> = {
  allowedIps: '192.0.2.1',
  email: 'plausible@shopgraph.test',
  newEmail: 'plausible@shopgraph.test',
  idempotencyKey: randomUUID(),
  password: PASSWORD,
  slug: 'plausible',
  token: 'x'.repeat(43),
};
const BY_SCALAR: Readonly<Record<string, unknown>> = {
  Boolean: true,
  CountryCode: 'PT',
  CurrencyCode: 'EUR',
  DateTime: '2030-01-01T00:00:00Z',
  Decimal: '1.00',
  Float: 1,
  Int: 1,
  Long: 1,
};

/** What there is in a shop. */
export interface KnownThings {
  /** Ids by their prefix. */
  readonly ids: Readonly<Record<string, string>>;
  readonly sku: string;
}

/**
 * What is right at a place.
 * @param prefixes Of the ids, by their path; an id without one is that of a role.
 */
export function plausible(
  { path, type }: InputLeaf,
  prefixes: ReadonlyMap<string, string>,
  { ids, sku }: KnownThings,
): unknown {
  if ('getValues' in type) return type.getValues()[0]?.name;
  const name = path.filter((part) => typeof part === 'string').at(-1) ?? '';
  if (type.name === 'ID') {
    const prefix = prefixes.get(path.join('.'));
    return prefix === undefined ? 'CUSTOMER' : (ids[prefix] ?? `${prefix}_01jz0000000000000000000000`);
  }
  if (type.name !== 'String') return BY_SCALAR[type.name];
  return name === 'sku' ? sku : (BY_NAME[name] ?? 'Plausible');
}
