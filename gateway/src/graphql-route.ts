import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { type Clock, prefersEvents } from '@shopgraph/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { createContext, type GatewayContext } from './context';

/** The headers that say who asks. */
const CREDENTIALS = 'Authorization, X-Api-Key, X-Api-Key-Id';

interface GraphqlRouteOptions {
  readonly server: ApolloServer<GatewayContext>;
  /** Milliseconds that a whole request may take. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Answers requests that prefer events to JSON; without it everybody gets JSON. */
  readonly streamed?: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
}

/**
 * Serves /graphql by GET and POST. Answers say themselves how long they may be kept, all others are not kept; and
 * they depend on who asks, as caches in between are told.
 */
export function serveGraphql(app: FastifyInstance, options: GraphqlRouteOptions): void {
  const { server, timeoutMs, clock, streamed } = options;
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    const varying = reply.getHeader('vary');
    void reply.header('vary', varying === undefined ? CREDENTIALS : `${String(varying)}, ${CREDENTIALS}`);
  });
  const answered = fastifyApolloHandler(server, {
    context: async (request, reply) => createContext(request, reply, timeoutMs, clock),
  }) as RouteHandlerMethod;
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: async (request, reply) =>
      streamed && prefersEvents(request) ? streamed(request, reply) : answered.call(app, request, reply),
  });
}
