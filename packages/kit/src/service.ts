import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Background } from './background';
import type { Clock } from './clock';
import { type HealthChecks, Readiness, serveHealth } from './health';
import { sendError, sendNotFound } from './http-error';
import { serveMetrics } from './metrics';
import { requestLogging } from './request-logging';

interface ServiceOptions {
  readonly name: string;
  readonly version: string;
  /** Serves the public port. */
  readonly app: FastifyInstance;
  readonly metrics: Registry;
  /** What must work for the service to be ready. */
  readonly checks: HealthChecks;
  /** What it can do without for a while: shown, and no reason not to be ready. A function where that changes. */
  readonly optionalChecks?: HealthChecks | (() => HealthChecks);
  readonly background: readonly Background[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly readiness?: Readiness;
}

interface ListenOptions {
  readonly host: string;
  /** 0 takes any free one, here and below. */
  readonly port: number;
  readonly operationsPort: number;
}

/** A service with its two ports: one for its clients, one for health and metrics. */
export interface Service {
  readonly app: FastifyInstance;
  readonly operations: FastifyInstance;
  readonly metrics: Registry;
  /** Opens both ports and starts the background work; then the service is ready. @throws Error when a port is taken. */
  listen(options: ListenOptions): Promise<{ readonly origin: string; readonly operationsOrigin: string }>;
  /** Says that it is not ready, lets requests under way end, stops the background work, then closes both ports. */
  close(): Promise<void>;
}

/** Puts the parts of a service under one beginning and one end. */
export function createService(options: ServiceOptions): Service {
  const { name, version, app, metrics, checks, optionalChecks = {}, background, clock, logger } = options;
  const readiness = options.readiness ?? new Readiness();
  const loggerInstance: FastifyBaseLogger = logger;
  const operations = Fastify({
    loggerInstance,
    ...requestLogging,
    frameworkErrors: sendError,
    forceCloseConnections: true,
  });
  operations.setErrorHandler(sendError);
  operations.setNotFoundHandler(sendNotFound);
  serveHealth(operations, { name, version, readiness, checks, optionalChecks, clock });
  serveMetrics(operations, metrics);
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    readiness.closing();
    await app.close();
    // The last started may need those before it.
    for (const work of [...background].reverse()) {
      await work.stop().catch((err: unknown) => logger.error({ err, background: work.name }, 'could not be stopped'));
    }
    await operations.close();
  }

  return {
    app,
    operations,
    metrics,
    async listen({ host, port, operationsPort }) {
      const origin = await app.listen({ host, port });
      const operationsOrigin = await operations.listen({ host, port: operationsPort });
      for (const work of background) await work.start();
      readiness.ready();
      return { origin, operationsOrigin };
    },
    close: () => (closing ??= close()),
  };
}
