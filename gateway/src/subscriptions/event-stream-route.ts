import type { GraphQLRequest } from '@apollo/server';
import { type Clock, DomainError, sendEvents, type Viewer } from '@shopgraph/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { traceparentOf } from '../context';
import { stringifyAnswer } from '../executor/written-json';
import { ClientSession } from './client-session';
import type { OpenSubscription } from './open-subscription';
import { shownErrors, statusOf } from './shown-error';
import type { Subscriber, Subscriptions } from './subscriptions';

/** How long a client that does not keep up may take to read why it is given up. */
const LAST_READ_MS = 5_000;

interface EventStreamOptions {
  readonly subscriptions: Subscriptions;
  /** @throws DomainError for a host or a variant that is not served. */
  readonly serverOf: (request: FastifyRequest) => Subscriber['server'];
  /** Who a request comes from, asked again while its stream is open. */
  readonly authenticate: (request: FastifyRequest) => Promise<Viewer>;
  readonly checkMs: number;
  readonly keepAliveMs: number;
  readonly clock: Clock;
}

/** The operation of a request as it came. */
export const subscriptionRequestSchema = z.object({
  query: z.string().nullish(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
});

/** Answers subscriptions as server-sent events, on the same route and after the same steps as all requests. */
export function eventStreams(options: EventStreamOptions) {
  const { subscriptions, serverOf, authenticate, checkMs, keepAliveMs, clock } = options;

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { viewer, id: requestId, ip, headers } = request;
    // A signature is good for one request, and so for no stream, whose caller is looked at again.
    if (request.signature) await authenticate(request);
    const session = new ClientSession({ viewer, authenticate: () => authenticate(request), checkMs, clock });
    reply.raw.once('close', () => session.close());
    let subscription: OpenSubscription;
    try {
      const client = { ip, userAgent: headers['user-agent'] ?? null };
      const traceparent = traceparentOf(headers.traceparent);
      const server = serverOf(request);
      const subscriber = { session, transport: 'sse', server, requestId, traceparent, client } as const;
      subscription = await subscriptions.subscribe(operationIn(request), subscriber);
    } catch (error) {
      const errors = shownErrors(error);
      return reply.code(statusOf(errors)).send({ errors });
    }
    if (reply.raw.destroyed) await subscription.return();
    return sendEvents(reply, written(subscription, reply), keepAliveMs);
  };
}

/** Answers as JSON; an error that ends them is the last. */
function written(subscription: OpenSubscription, reply: FastifyReply): AsyncIterator<string, undefined> {
  let isOver = false;
  return {
    async next() {
      if (isOver) return { done: true, value: undefined };
      try {
        const { done, value } = await subscription.next();
        return done === true ? { done, value } : { done: false, value: stringifyAnswer(value).trimEnd() };
      } catch (error) {
        isOver = true;
        setTimeout(() => reply.raw.destroy(), LAST_READ_MS).unref();
        return { done: false, value: JSON.stringify({ errors: shownErrors(error) }) };
      }
    },
    async return() {
      await subscription.return();
      return { done: true, value: undefined };
    },
  };
}

/** @throws DomainError BAD_REQUEST for what is no operation. */
function operationIn({ method, url, body }: FastifyRequest): GraphQLRequest {
  const parsed = subscriptionRequestSchema.safeParse(method === 'GET' ? fromParameters(url) : body);
  if (!parsed.success) throw new DomainError('BAD_REQUEST');
  return asRequest(parsed.data);
}

function fromParameters(url: string): unknown {
  const parameters = new URL(url, 'http://gateway').searchParams;
  const json = (name: string): unknown => {
    const text = parameters.get(name);
    return text === null ? null : JSON.parse(text);
  };
  try {
    const { query, operationName } = Object.fromEntries(parameters);
    return { query, operationName, variables: json('variables'), extensions: json('extensions') };
  } catch {
    return undefined;
  }
}

/** An operation as Apollo Server takes it: what is null is left out. */
export function asRequest({
  query,
  operationName,
  variables,
  extensions,
}: z.output<typeof subscriptionRequestSchema>): GraphQLRequest {
  return {
    ...(query != null && { query }),
    ...(operationName != null && { operationName }),
    ...(variables != null && { variables }),
    ...(extensions != null && { extensions }),
  };
}
