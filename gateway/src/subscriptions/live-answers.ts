import type { Server } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import { type Clock, DomainError, type Viewer } from '@shopgraph/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import type { Logger } from 'pino';
import { type Credential, credentialOf } from '../api-keys/credentials';
import type { Bearer } from '../api-keys/api-key-authenticator';
import { type Authenticators, viewerBy } from '../authentication';
import type { Config } from '../config';
import type { GatewayContext } from '../context';
import type { RequestCounter } from '../http-limits';
import type { formatError } from '../public-errors';
import { type ListCheck, requestedHash } from '../safelist';
import { clientAddressBehind, hostBehind } from './client-address';
import { eventStreams } from './event-stream-route';
import { serveSocket } from './socket-connection';
import { socketProtocol } from './socket-protocol';
import { SocketUpgrades } from './socket-upgrades';
import { OpenCount } from './subscription-limits';
import { createSubscriptionMetrics } from './subscription-metrics';
import { Subscriptions } from './subscriptions';

interface LiveAnswersOptions {
  readonly config: Config;
  /** Who answers a request: see `GraphVariants`. */
  readonly serverOf: ServerOf;
  readonly authenticators: Authenticators;
  /** Null where nothing is limited. */
  readonly counter: RequestCounter | null;
  /** Null where every operation is answered. */
  readonly checkListed: ListCheck | null;
  readonly allowedOrigins: readonly string[] | '*';
  readonly formatError: typeof formatError;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly logger: Logger;
}

type ServerOf = (request: Pick<FastifyRequest, 'hostname' | 'headers'>) => ApolloServer<GatewayContext>;

/** The ways to subscribe. */
export interface LiveAnswers {
  /** Answers requests by events: see `eventStreams`. */
  readonly streamed: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
  /** Takes WebSockets on the port of `server`. */
  readonly acceptSockets: (server: Server) => void;
  /** Ends all of it: sockets are told that this gateway goes away, streams that they are over. */
  readonly close: () => void;
}

/** Puts subscriptions together, on the steps that all requests take. */
export function createLiveAnswers(options: LiveAnswersOptions): LiveAnswers {
  const { config, serverOf, authenticators, counter, checkListed, clock, logger } = options;
  const checkMs = config.SUBSCRIPTION_CHECK_MS;
  const keepAliveMs = config.SUBSCRIPTION_KEEP_ALIVE_MS;
  const subscriptions = new Subscriptions({
    openCount: new OpenCount({
      total: config.MAX_SUBSCRIPTIONS,
      perUser: config.MAX_SUBSCRIPTIONS_PER_USER,
      perAddress: config.MAX_SUBSCRIPTIONS_PER_ADDRESS,
    }),
    queueCapacity: config.SUBSCRIPTION_QUEUE,
    reconnectMs: config.SUBSCRIPTION_RECONNECT_MS,
    timeoutMs: config.REQUEST_TIMEOUT_MS,
    formatError: options.formatError,
    metrics: createSubscriptionMetrics(options.registry),
    clock,
    logger,
  });
  const authenticate = async (headers: FastifyRequest['headers'], bearer: Bearer): Promise<Viewer> =>
    viewerBy(lasting(credentialOf(headers)), bearer, authenticators);
  const trustProxy = config.TRUST_PROXY ?? false;
  const hostOf = hostBehind(trustProxy);
  const protocol = socketProtocol({
    subscriptions,
    serverOf: (request) => serverOf({ hostname: hostOf(request), headers: request.headers }),
    authenticate,
    async count(viewer, ip) {
      const standing = await counter?.count({ viewer, ip }, 1);
      if (standing?.refusal) throw standing.refusal;
    },
    assertListed: async (operation) => checkListed?.(requestedHash(operation), logger),
    initTimeoutMs: config.SOCKET_INIT_TIMEOUT_MS,
    checkMs,
    clock,
    logger,
  });
  let upgrades: SocketUpgrades | undefined;
  return {
    streamed: eventStreams({
      subscriptions,
      serverOf,
      authenticate: (request) => authenticate(request.headers, request),
      checkMs,
      keepAliveMs,
      clock,
    }),
    acceptSockets(httpServer) {
      const most = config.MAX_SOCKETS_PER_ADDRESS;
      upgrades = new SocketUpgrades(httpServer, {
        path: '/graphql',
        allowedOrigins: options.allowedOrigins,
        maxMessageBytes: config.MAX_BODY_BYTES,
        openCount: new OpenCount({ total: config.MAX_SUBSCRIPTIONS, perUser: most, perAddress: most }),
        addressOf: clientAddressBehind(trustProxy),
        onSocket: (socket, request, ip) => serveSocket(socket, request, ip, { protocol, keepAliveMs, logger }),
      });
    },
    close() {
      // First, so that clients learn that they can begin again elsewhere: an error would end their subscriptions.
      upgrades?.close();
      subscriptions.close();
    },
  };
}

/** @throws DomainError BAD_REQUEST for a signature. */
function lasting(credential: Credential): Exclude<Credential, { readonly kind: 'signature' }> {
  if (credential.kind !== 'signature') return credential;
  throw new DomainError('BAD_REQUEST', {
    message: 'A signature is good for one request: subscribe with the API key itself.',
  });
}
