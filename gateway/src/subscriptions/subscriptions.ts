import type { ApolloServer, GraphQLRequest } from '@apollo/server';
import { type Clock, publicErrors, requestFields } from '@shopgraph/kit';
import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context';
import type { SubgraphAnswer } from '../executor/subgraph-call';
import type { formatError } from '../public-errors';
import type { ClientSession } from './client-session';
import { type EventAnswer, OpenSubscription } from './open-subscription';
import { resumedEvents } from './resumed-events';
import { openingError } from './subgraph-stream';
import type { EndReason } from './subscription-end';
import type { OpenCount } from './subscription-limits';
import { SubscriptionOpening } from './subscription-stage';

/** By which way answers go to a client. */
export type Transport = 'websocket' | 'sse';

/** Told what becomes of subscriptions. */
export interface SubscriptionMetrics {
  readonly opened: (transport: Transport) => void;
  readonly delivered: (transport: Transport) => void;
  readonly ended: (transport: Transport, reason: EndReason) => void;
}

interface SubscriptionsOptions {
  readonly openCount: OpenCount;
  /** Events of one subscription that wait for its client at the most. */
  readonly queueCapacity: number;
  /** Milliseconds for which events that broke off are sought again. */
  readonly reconnectMs: number;
  /** Milliseconds that the answer to one event may take. */
  readonly timeoutMs: number;
  readonly formatError: typeof formatError;
  readonly metrics: SubscriptionMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who subscribes, and how. */
export interface Subscriber extends Pick<GatewayContext, 'requestId' | 'traceparent' | 'client'> {
  readonly session: ClientSession;
  readonly transport: Transport;
  /** Serves what is subscribed to. */
  readonly server: ApolloServer<GatewayContext>;
}

/** Why a subscription has not begun: what the client is told. */
export class SubscriptionRefused extends Error {
  constructor(readonly errors: readonly GraphQLFormattedError[]) {
    super('the subscription was refused');
  }
}

/** The subscriptions that are open on this gateway. */
export class Subscriptions {
  private readonly open = new Set<OpenSubscription>();
  private isClosed = false;

  constructor(private readonly options: SubscriptionsOptions) {}

  /**
   * Begins a subscription that has passed all that a request passes: persisted queries, limits, validation and rules.
   * @throws SubscriptionRefused; DomainError RATE_LIMITED where too many are open, UNAVAILABLE while the gateway closes.
   */
  async subscribe(request: GraphQLRequest, subscriber: Subscriber): Promise<OpenSubscription> {
    const { session, client } = subscriber;
    const release = this.options.openCount.open(session.viewer, client.ip);
    try {
      return await this.begin(request, subscriber, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Ends all, and begins no more. */
  close(): void {
    this.isClosed = true;
    for (const subscription of this.open) subscription.close();
  }

  private async begin(request: GraphQLRequest, subscriber: Subscriber, release: () => void): Promise<OpenSubscription> {
    const { queueCapacity: capacity, reconnectMs: patienceMs, metrics, logger } = this.options;
    const { server, session, transport, requestId, traceparent } = subscriber;
    const fields = requestFields({ requestId, traceparent });
    const controller = new AbortController();
    const contextNow = () => this.contextOf(subscriber, controller.signal);

    const opening = new SubscriptionOpening();
    const response = await server.executeOperation(request, {
      contextValue: { ...contextNow(), subscription: opening },
    });
    const errors = response.body.kind === 'single' ? response.body.singleResult.errors : undefined;
    const { opened } = opening;
    if (errors || !opened) throw new SubscriptionRefused(errors ?? [NOTHING]);

    const open = (signal: AbortSignal) => opened.open({ ...contextNow(), subscription: opening }, signal);
    const events = await resumedEvents<SubgraphAnswer>({
      open,
      capacity,
      patienceMs,
      onBreak: (err) => logger.warn({ ...fields, err }, 'the events of a subscription broke off: beginning again'),
    }).catch((error: unknown) => {
      if (openingError(error) !== error) logger.error({ ...fields, err: error }, 'subgraph failed');
      throw openingError(error);
    });
    const subscription = new OpenSubscription({
      events,
      session,
      answer: async (event) => {
        const stage = { kind: 'event', event, refusals: opened.refusals } as const;
        const context = { ...contextNow(), subscription: stage };
        return this.shown(await opened.answer(context), context);
      },
      onAnswer: () => metrics.delivered(transport),
      onEnd: (reason, err) => {
        controller.abort();
        this.open.delete(subscription);
        release();
        metrics.ended(transport, reason);
        if (reason === 'failed') logger.error({ ...fields, err }, 'unexpected error');
      },
    });
    this.open.add(subscription);
    metrics.opened(transport);
    if (this.isClosed) subscription.close();
    return subscription;
  }

  private contextOf({ session, requestId, traceparent, client }: Subscriber, signal: AbortSignal): GatewayContext {
    const { clock, timeoutMs } = this.options;
    const deadline = new Date(clock.now().getTime() + timeoutMs);
    return { viewer: session.viewer, requestId, traceparent, client, refreshCookie: null, deadline, signal };
  }

  /** As of an answer to a request: what clients must not know of errors is logged instead. */
  private shown({ errors, ...answer }: ExecutionResult, call: GatewayContext): EventAnswer {
    if (!errors || errors.length === 0) return answer;
    const { logger, formatError: format } = this.options;
    return { ...answer, errors: publicErrors(errors, { call, logger, format }) };
  }
}

const NOTHING: GraphQLFormattedError = {
  message: 'The subscription selects no field that has events.',
  extensions: { code: 'BAD_USER_INPUT' },
};
