import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Clock, DomainError, type Viewer } from '@shopgraph/kit';
import { type ExecutionResult, type FormattedExecutionResult, GraphQLError, type GraphQLSchema, parse } from 'graphql';
import { CloseCode, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { traceparentOf } from '../context';
import { ClientSession } from './client-session';
import { asRequest, subscriptionRequestSchema } from './event-stream-route';
import type { OpenSubscription } from './open-subscription';
import { shownErrors } from './shown-error';
import type { Subscriber, Subscriptions } from './subscriptions';

/** As of RFC 6455's registry: try again later. */
const TRY_AGAIN = 1013;

interface SocketProtocolOptions {
  readonly subscriptions: Subscriptions;
  /** @throws DomainError for a host or a variant that is not served. */
  readonly serverOf: (request: IncomingMessage) => Subscriber['server'];
  /** Who brings these credentials, asked again while the socket is open. */
  readonly authenticate: (headers: IncomingHttpHeaders, bearer: { id: string; ip: string }) => Promise<Viewer>;
  /** Counts a connection or an operation. @throws DomainError RATE_LIMITED. */
  readonly count: (viewer: Viewer, ip: string) => Promise<void>;
  /** @throws DomainError for an operation that is not to be answered. */
  readonly assertListed: (operation: unknown) => Promise<void>;
  readonly initTimeoutMs: number;
  readonly checkMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is known of a socket beside what the protocol knows. */
export interface SocketState {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly ip: string;
  /** Null until it has said who it is. */
  session: ClientSession | null;
}

// The protocol wants one to know what kind an operation is; Apollo Server has parsed it, and known.
const A_SUBSCRIPTION = parse('subscription { __typename }');

/**
 * Speaks graphql-transport-ws (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md). A connection says in
 * its first message who it is, by `authorization` or `x-api-key`, or has said so in the headers of its request.
 */
export function socketProtocol(options: SocketProtocolOptions): Server<SocketState> {
  const { subscriptions, serverOf, count, assertListed } = options;

  async function connect(state: SocketState, parameters: Readonly<Record<string, unknown>>): Promise<void> {
    const { socket, request, ip } = state;
    const headers = credentialsIn(parameters, request.headers);
    const bearer = { id: randomUUID(), ip };
    const authenticate = () => options.authenticate(headers, bearer);
    const [viewer, refusal] = await authenticate().then(
      (known) => [known, null] as const,
      (error: unknown) => [{ kind: 'anonymous' } as const, error as Error] as const,
    );
    await count(viewer, ip);
    if (refusal !== null) throw refusal;
    const { checkMs, clock } = options;
    const session = new ClientSession({ viewer, authenticate, checkMs, clock });
    session.signal.addEventListener('abort', () => close(socket, session.signal.reason));
    state.session = session;
    if (socket.readyState !== socket.OPEN) session.close();
  }

  async function subscribe(
    { session, request, ip }: SocketState,
    payload: SubscribePayload,
  ): Promise<OpenSubscription> {
    // Unless it is known who it is, the protocol lets nobody get here.
    if (!session) throw new DomainError('UNAUTHENTICATED');
    await count(session.viewer, ip);
    const parsed = subscriptionRequestSchema.safeParse(payload);
    if (!parsed.success) throw new DomainError('BAD_REQUEST');
    // The protocol wants a query: it is empty where a hash stands for it.
    const { query, ...hashed } = asRequest(parsed.data);
    const operation = query === '' ? hashed : { ...hashed, ...(query !== undefined && { query }) };
    await assertListed(operation);
    return subscriptions.subscribe(operation, {
      session,
      transport: 'websocket',
      server: serverOf(request),
      requestId: randomUUID(),
      traceparent: traceparentOf(request.headers.traceparent),
      client: { ip, userAgent: request.headers['user-agent'] ?? null },
    });
  }

  return makeServer<Record<string, unknown>, SocketState>({
    connectionInitWaitTimeout: options.initTimeoutMs,
    async onConnect({ connectionParams = {}, extra }) {
      try {
        await connect(extra, connectionParams);
        return true;
      } catch (error) {
        close(extra.socket, error);
        return false;
      }
    },
    async onSubscribe({ extra }, _id, payload) {
      try {
        const contextValue = await subscribe(extra, payload);
        return { schema: UNUSED_SCHEMA, document: A_SUBSCRIPTION, contextValue };
      } catch (error) {
        if (isFault(error)) options.logger.error({ err: error }, 'unexpected error');
        return shownErrors(error).map(({ message, ...details }) => new GraphQLError(message, details));
      }
    },
    subscribe: ({ contextValue }) => contextValue as AsyncGenerator<ExecutionResult>,
    // Errors have their final form already.
    onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
    onError: (_context, _id, _payload, errors) =>
      errors.flatMap((error) => (error.originalError ? shownErrors(error.originalError) : error.toJSON())),
    onClose: ({ extra }) => extra.session?.close(),
  });
}

const UNUSED_SCHEMA = {} as GraphQLSchema;

/** What the first message says of credentials, by names in any case; otherwise what the request has said. */
function credentialsIn(
  parameters: Readonly<Record<string, unknown>>,
  headers: IncomingHttpHeaders,
): IncomingHttpHeaders {
  const said = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name.toLowerCase(), value]));
  const { authorization, 'x-api-key': apiKey } = said;
  if (typeof authorization !== 'string' && typeof apiKey !== 'string') return headers;
  return {
    ...(typeof authorization === 'string' && { authorization }),
    ...(typeof apiKey === 'string' && { 'x-api-key': apiKey }),
  };
}

/** Clients renew their credential after `Forbidden`, and wait after `Try again later`; all other codes end them. */
function close(socket: WebSocket, error: unknown): void {
  const [shown] = shownErrors(error);
  const code = shown?.extensions?.code;
  if (code === 'INTERNAL') return void socket.close(CloseCode.InternalServerError, shown?.message);
  socket.close(code === 'RATE_LIMITED' || code === 'UNAVAILABLE' ? TRY_AGAIN : CloseCode.Forbidden, shown?.message);
}

function isFault(error: unknown): boolean {
  return shownErrors(error).some(({ extensions }) => extensions?.code === 'INTERNAL');
}
