import { type FastifyServerOptions, LogController } from 'fastify';
import type { Call } from './call';

/** The names that the Elastic Common Schema has for what ties log lines together. */
const REQUEST_ID = 'http.request.id';
const TRACE_ID = 'trace.id';

/** The fields of a log line that tell which request, and which trace, it belongs to. */
export function requestFields({ requestId, traceparent }: Pick<Call, 'requestId' | 'traceparent'>) {
  return { [REQUEST_ID]: requestId, ...traceField(traceparent) };
}

/**
 * For `Fastify({ … })`: every line of `request.log` tells which request and trace it belongs to. That a request came
 * and went is not logged: metrics count it.
 */
export const requestLogging = {
  logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: REQUEST_ID }),
  childLoggerFactory: (logger, bindings, options, { headers }) =>
    logger.child({ ...bindings, ...traceField(headers.traceparent) }, options),
} satisfies Pick<FastifyServerOptions, 'logController' | 'childLoggerFactory'>;

/** The second part of a W3C `traceparent` (https://www.w3.org/TR/trace-context/#traceparent-header). */
function traceField(traceparent: unknown) {
  const [, traceId] = typeof traceparent === 'string' ? (/^[\da-f]{2}-([\da-f]{32})-/.exec(traceparent) ?? []) : [];
  return traceId === undefined ? {} : { [TRACE_ID]: traceId };
}
