import { type z } from 'zod';
import { listSchema } from '../config-values';

/** The variant that is the whole graph, as SUPERGRAPH_PATH has it. */
export const FULL = 'full';

/** Stands for every host that is not named. */
export const ANY_HOST = '*';

/** Which variants a host serves, by its name in lower case; the first unless a request asks for another one. */
export type VariantHosts = ReadonlyMap<string, readonly [string, ...string[]]>;

/** Reads `shop.example.com=public,api.example.com=partner|public,*=public`. */
export const variantHostsSchema = listSchema.transform((pairs, context): VariantHosts => {
  const hosts = new Map<string, readonly [string, ...string[]]>();
  for (const pair of pairs) {
    const [, host = '', names = ''] = /^([^\s=|:]+)=([\w-]+(?:\|[\w-]+)*)$/.exec(pair) ?? [];
    const [first, ...others] = names.split('|');
    if (host === '' || first === undefined) {
      context.addIssue(`${pair} is not host=variant, or host=variant|variant, with a host name without port`);
    } else hosts.set(host.toLowerCase(), [first, ...others]);
  }
  return hosts;
});

interface VariantConfig {
  readonly GRAPH_VARIANTS: ReadonlyMap<string, string>;
  readonly GRAPH_VARIANT_HOSTS?: VariantHosts | undefined;
}

/** Refuses a second whole graph, and hosts of variants that there are not. */
export function checkVariants(config: VariantConfig, context: z.RefinementCtx): void {
  const refuse = (path: keyof VariantConfig, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if (config.GRAPH_VARIANTS.has(FULL)) refuse('GRAPH_VARIANTS', `${FULL} is the graph of SUPERGRAPH_PATH`);
  const known = variantNames(config);
  for (const [host, names] of config.GRAPH_VARIANT_HOSTS ?? []) {
    const unknown = names.filter((name) => !known.includes(name));
    if (unknown.length > 0) refuse('GRAPH_VARIANT_HOSTS', `${host} names ${unknown.join(', ')}, which is no variant`);
  }
}

/** Who serves what: unless hosts are named, every host serves everything, and the whole graph to those who do not ask. */
export function variantHosts(config: VariantConfig): VariantHosts {
  return config.GRAPH_VARIANT_HOSTS ?? new Map([[ANY_HOST, variantNames(config)]]);
}

function variantNames({ GRAPH_VARIANTS }: VariantConfig): [string, ...string[]] {
  return [FULL, ...GRAPH_VARIANTS.keys()];
}
