import type { EventQueue } from '@shopgraph/kit';
import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import type { SubgraphAnswer } from '../executor/subgraph-call';
import type { ClientSession } from './client-session';
import { endOf, type EndReason, reasonOf } from './subscription-end';

/** An answer to one event, with its errors as the client may see them. */
export type EventAnswer = Omit<ExecutionResult, 'errors'> & { readonly errors?: readonly GraphQLFormattedError[] };

interface OpenSubscriptionOptions {
  readonly events: EventQueue<SubgraphAnswer>;
  readonly session: ClientSession;
  readonly answer: (event: SubgraphAnswer) => Promise<EventAnswer>;
  readonly onAnswer: () => void;
  /** Told once. */
  readonly onEnd: (reason: EndReason, error: unknown) => void;
}

/** The answers of one subscription, one at a time, as they are asked for. It can be returned while one is awaited. */
export class OpenSubscription implements AsyncIterableIterator<EventAnswer, undefined> {
  private isOver = false;
  private readonly onSessionEnd = () => this.fail(this.options.session.signal.reason);

  constructor(private readonly options: OpenSubscriptionOptions) {
    const { signal } = options.session;
    signal.addEventListener('abort', this.onSessionEnd);
    if (signal.aborted) this.onSessionEnd();
  }

  /** The next answer. @throws SubscriptionEnd, or DomainError when a subgraph ends it, or Error for a fault of ours. */
  async next(): Promise<IteratorResult<EventAnswer, undefined>> {
    const { events, session, answer, onAnswer } = this.options;
    try {
      const { done, value } = await events.next();
      if (done === true) {
        await this.end('complete');
        return { done, value: undefined };
      }
      await session.confirm();
      const answered = await answer(value);
      onAnswer();
      return { done: false, value: answered };
    } catch (error) {
      await this.end(reasonOf(error), error);
      throw error;
    }
  }

  /** The client wants no more. */
  async return(): Promise<IteratorResult<EventAnswer, undefined>> {
    await this.end('client');
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<never> {
    await this.end('failed', error);
    throw error;
  }

  /** Ends it because the gateway closes. */
  close(): void {
    this.fail(endOf('closing'));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Whoever waits for an answer gets the error; what is not yet answered is dropped. */
  private fail(error: unknown): void {
    this.options.events.fail(error);
  }

  private async end(reason: EndReason, error?: unknown): Promise<void> {
    if (this.isOver) return;
    this.isOver = true;
    const { session, events, onEnd } = this.options;
    session.signal.removeEventListener('abort', this.onSessionEnd);
    onEnd(reason, error);
    await events.return();
  }
}
