import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import { isErrorCode } from './errors';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Operation names that get a time series of their own: clients choose them, and could choose without end. */
const MAX_OPERATION_NAMES = 200;

/** A registry with the metrics of the process (CPU, memory, event loop, garbage collection). */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Counts and times every HTTP request by route, method and status. */
export function measureRequests(app: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames: ['route', 'method', 'status'],
    buckets: SECONDS,
    registers: [registry],
  });
  app.addHook('onResponse', async ({ routeOptions, method }, reply) => {
    const route = routeOptions.url ?? 'unknown';
    duration.observe({ route, method, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
  });
}

/** Counts and times every GraphQL operation by its name and type, and counts errors by code. */
export function measureOperations(registry: Registry): ApolloServerPlugin {
  const duration = new Histogram({
    name: 'graphql_operation_duration_seconds',
    help: 'Time from parsing to the answer.',
    labelNames: ['operation', 'type'],
    buckets: SECONDS,
    registers: [registry],
  });
  const errorCount = new Counter({
    name: 'graphql_errors_total',
    help: 'Errors in answers, by code.',
    labelNames: ['code'],
    registers: [registry],
  });
  const names = boundedNames(MAX_OPERATION_NAMES);
  return {
    async requestDidStart() {
      const start = performance.now();
      return {
        async willSendResponse({ operationName, operation, response }) {
          const labels = { operation: names(operationName ?? 'anonymous'), type: operation?.operation ?? 'none' };
          duration.observe(labels, (performance.now() - start) / 1000);
          const errors = response.body.kind === 'single' ? (response.body.singleResult.errors ?? []) : [];
          for (const { extensions } of errors) {
            const code = extensions?.code;
            errorCount.inc({ code: isErrorCode(code) ? code : 'INTERNAL' });
          }
        },
      };
    },
  };
}

/** Lets the first `limit` names through; all further ones are `other`. */
export function boundedNames(limit: number): (name: string) => string {
  const known = new Set<string>();
  return (name) => {
    if (known.size < limit) known.add(name);
    return known.has(name) ? name : 'other';
  };
}

/** Adds /metrics in Prometheus's text format. */
export function serveMetrics(app: FastifyInstance, registry: Registry): void {
  app.get('/metrics', async (_request, reply) => {
    const text = await registry.metrics();
    return reply.type(registry.contentType).send(text);
  });
}
