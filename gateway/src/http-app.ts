import { randomUUID } from 'node:crypto';
import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import { drainOnClose, measureRequests, type Readiness, requestLogging, sendError, sendNotFound } from '@shopgraph/kit';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { redirectToExplorer } from './explorer';
import { securityHeaders } from './security-headers';

/** Smaller answers fit into one packet as they are. */
const COMPRESSION_THRESHOLD_BYTES = 1_024;
/** Of 11: as fast as gzip, and smaller. */
const BROTLI_QUALITY = 4;
/** How long a client may take to send a request, give or take the time between two looks. */
const RECEIVE_TIMEOUT_MS = 30_000;
const RECEIVE_CHECK_MS = 5_000;
/** How long browsers need not ask again whether a page may read answers. */
const PREFLIGHT_SECONDS = 600;

const EXPOSED_HEADERS = [
  'age',
  'etag',
  'x-request-id',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
];

interface HttpAppOptions {
  readonly maxBodyBytes: number;
  /** Hops or addresses that are believed about the client's address. */
  readonly trustProxy: number | string[] | false;
  /** Whose pages may read answers; `*` are all. */
  readonly allowedOrigins: string[] | '*';
  readonly showsExplorer: boolean;
  readonly readiness: Readiness;
  /** Called when the app begins to close: ends what would not end by itself. */
  readonly endStreams?: () => void;
  /** Where requests are counted, if anywhere. */
  readonly metrics: Registry | null;
  readonly logger: Logger;
}

/** What every HTTP request passes, whatever it asks for, and the two probes that clients may see. */
export async function createHttpApp(options: HttpAppOptions): Promise<FastifyInstance> {
  const { showsExplorer, readiness, logger } = options;
  const loggerInstance: FastifyBaseLogger = logger;
  const app = Fastify({
    loggerInstance,
    ...requestLogging,
    frameworkErrors: sendError,
    genReqId: () => randomUUID(),
    bodyLimit: options.maxBodyBytes,
    trustProxy: options.trustProxy,
    requestTimeout: RECEIVE_TIMEOUT_MS,
    // Node.js takes the greater of the two for the whole request, and its own for the headers is a minute.
    http: { headersTimeout: RECEIVE_TIMEOUT_MS, connectionsCheckingInterval: RECEIVE_CHECK_MS },
    forceCloseConnections: true,
  });
  drainOnClose(app, options.endStreams);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler(sendNotFound);
  const headers = securityHeaders({ showsExplorer });
  app.addHook('onRequest', async (request, reply) => void reply.headers(headers).header('x-request-id', request.id));
  if (options.metrics) measureRequests(app, options.metrics);
  await app.register(cors, {
    origin: options.allowedOrigins,
    // Where everybody may ask, nobody's cookies count.
    credentials: options.allowedOrigins !== '*',
    methods: ['GET', 'POST'],
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
  });
  await app.register(compress, {
    encodings: ['br', 'gzip'],
    threshold: COMPRESSION_THRESHOLD_BYTES,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } },
  });

  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) =>
    readiness.isReady ? { status: 'ok' } : reply.code(503).send({ status: 'unavailable' }),
  );
  if (showsExplorer) redirectToExplorer(app);
  return app;
}
