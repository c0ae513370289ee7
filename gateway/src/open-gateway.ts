import { type Clock, logMaskedErrors, Readiness } from '@shopgraph/kit';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Agent } from 'undici';
import { noCaches } from './caching/caches';
import type { OpenConfig } from './config';
import { noCounters } from './resilience/resilience-metrics';
import { ResilientSubgraphs } from './resilience/resilient-subgraphs';
import { resilienceSettings } from './resilience/settings';
import { subgraphClients } from './subgraph-clients';
import { serveGraphql } from './graphql-route';
import { createGraphqlServer } from './graphql-server';
import { createHttpApp } from './http-app';
import { SupergraphGateway } from './supergraph-gateway';
import { supergraphFile } from './supergraph-sources';

const MAX_BODY_BYTES = 10 * 1024 * 1024;
const POLL_MS = 1_000;

interface OpenGatewayOptions {
  /** A file with a composed Federation 2 schema. */
  readonly supergraphPath: string;
  readonly config: OpenConfig;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * A gateway for any supergraph: everybody may ask everything, as often as they like, see the schema and use the
 * explorer; calls to subgraphs are not signed. For benchmarks, and for trying a graph of one's own.
 */
export async function buildOpenGateway({
  supergraphPath,
  config,
  clock,
  logger,
}: OpenGatewayOptions): Promise<FastifyInstance> {
  const dispatcher = new Agent({
    connections: config.SUBGRAPH_CONNECTIONS,
    maxResponseSize: config.MAX_SUBGRAPH_ANSWER_BYTES,
  });
  const resilience = new ResilientSubgraphs({
    settings: resilienceSettings(config),
    counters: noCounters,
    clock,
    logger,
  });
  const gateway = new SupergraphGateway({
    source: supergraphFile({ path: supergraphPath, pollMs: POLL_MS, logger }),
    aroundCalls: noCaches.aroundCalls,
    createSubgraphClient: subgraphClients({
      dispatcher,
      signingKeys: null,
      urls: config.SUBGRAPH_URLS,
      timeoutMs: config.SUBGRAPH_TIMEOUT_MS,
      timeouts: config.SUBGRAPH_TIMEOUTS,
      resilience,
      onCall: () => undefined,
      clock,
      logger,
    }),
    maxOperationBytes: config.OPERATION_CACHE_MIB * 1024 * 1024,
    planningLimits: { maxPaths: config.MAX_PLAN_PATHS, maxPlans: config.MAX_PLANS },
    onPlanLookup: () => undefined,
    onTakeOver: (subgraphs) => resilience.keepOnly(subgraphs),
    showsPlans: true,
    logger,
  });
  const server = createGraphqlServer({
    gateway,
    persistedQueries: null,
    validationRules: [],
    maxTokens: undefined,
    acceptsBatches: true,
    showsSchema: true,
    graph: null,
    plugins: [logMaskedErrors(logger)],
    logger,
  });
  await server.start();

  const readiness = new Readiness();
  readiness.ready();
  const app = await createHttpApp({
    maxBodyBytes: MAX_BODY_BYTES,
    trustProxy: false,
    allowedOrigins: '*',
    showsExplorer: true,
    readiness,
    metrics: null,
    logger,
  });
  await app.register(async (graphql) => {
    graphql.decorateRequest('viewer');
    graphql.decorateRequest('refreshCookie', null);
    graphql.addHook('onRequest', async (request) => {
      request.viewer = { kind: 'anonymous' };
    });
    serveGraphql(graphql, { serverOf: () => server, timeoutMs: config.REQUEST_TIMEOUT_MS, clock });
  });
  app.addHook('onClose', async () => {
    await server.stop();
    await dispatcher.close();
  });
  return app;
}
