import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { type Clock, prefersEvents } from '@shopgraph/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { namesEtag } from './caching/etags';
import { createContext, type GatewayContext } from './context';

/** The headers that say who asks, and of which variant of the graph. */
const VARYING = 'Authorization, X-Api-Key, X-Api-Key-Id, X-Graph-Variant';

interface GraphqlRouteOptions {
  /** Who answers a request; a DomainError that it throws is the answer. */
  readonly serverOf: (request: FastifyRequest) => ApolloServer<GatewayContext>;
  /** Milliseconds that a whole request may take. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Answers requests that prefer events to JSON; without it everybody gets JSON. */
  readonly streamed?: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
}

/**
 * Serves /graphql by GET and POST. Answers say themselves how long they may be kept, all others are not kept; and
 * they depend on who asks, as caches in between are told. Who has the answer to a GET already is told so.
 */
export function serveGraphql(app: FastifyInstance, options: GraphqlRouteOptions): void {
  const { serverOf, timeoutMs, clock, streamed } = options;
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    const varying = reply.getHeader('vary');
    void reply.header('vary', varying === undefined ? VARYING : `${String(varying)}, ${VARYING}`);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const etag = reply.getHeader('etag');
    if (request.method !== 'GET' || typeof etag !== 'string') return payload;
    if (!namesEtag(request.headers['if-none-match'], etag)) return payload;
    reply.removeHeader('content-type');
    reply.removeHeader('content-length');
    void reply.code(304);
    return null;
  });
  const context = async (request: FastifyRequest, reply: FastifyReply): Promise<GatewayContext> =>
    createContext(request, reply, timeoutMs, clock);
  const answered = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const answer = fastifyApolloHandler(serverOf(request), { context }) as RouteHandlerMethod;
    return answer.call(app, request, reply);
  };
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: async (request, reply) =>
      streamed && prefersEvents(request) ? streamed(request, reply) : answered(request, reply),
  });
}
