import type { Logger } from 'pino';
import type { Config } from './config';
import { apolloUplink, supergraphFile, type SupergraphSource } from './supergraph-sources';
import type { GraphRef } from './usage-reporting';
import { FULL } from './variants/variant-values';

/** Where the supergraph of each variant comes from, by its name: contracts from files, the whole also from GraphOS. */
export function configuredSupergraphs(config: Config, logger: Logger): ReadonlyMap<string, SupergraphSource> {
  const pollMs = config.SUPERGRAPH_POLL_MS;
  const contracts = [...config.GRAPH_VARIANTS].map(
    ([name, path]) => [name, supergraphFile({ path, pollMs, logger })] as const,
  );
  return new Map([[FULL, sourceOf(config, logger)], ...contracts]);
}

/** The graph in Apollo GraphOS; null where there is none. */
export function configuredGraph(config: Config): GraphRef | null {
  const { APOLLO_KEY: key, APOLLO_GRAPH_REF: ref, APOLLO_USAGE_REPORTING_ENDPOINT: reportsTo } = config;
  return key === undefined || ref === undefined ? null : { key, ref, reportsTo };
}

function sourceOf(config: Config, logger: Logger): SupergraphSource {
  const graph = configuredGraph(config);
  if (!graph) return supergraphFile({ path: config.SUPERGRAPH_PATH, pollMs: config.SUPERGRAPH_POLL_MS, logger });
  return apolloUplink({ apiKey: graph.key, graphRef: graph.ref, endpoints: config.APOLLO_UPLINK_ENDPOINTS, logger });
}
