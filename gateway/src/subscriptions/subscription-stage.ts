import type { ExecutionResult } from 'graphql';
import type { Refusals } from '../access/refusals';
import type { GatewayContext } from '../context';
import type { SubgraphAnswer } from '../executor/subgraph-call';

/** Begins the events of a subscription at its subgraph, until `signal` aborts. @throws DomainError, or Error when it cannot be reached. */
export type OpenEvents = (context: GatewayContext, signal: AbortSignal) => Promise<AsyncIterable<SubgraphAnswer>>;

/** Answers one event, whose context has the stage of an event. */
export type AnswerEvent = (context: GatewayContext) => Promise<ExecutionResult>;

/**
 * A subscription that passes the checks of a request. On its way it is noted what its events will need, so that they
 * are answered by the rules, the schema and the plan that it began with.
 */
export class SubscriptionOpening {
  readonly kind = 'opening';
  private refusals: Refusals = new Map();
  private answer: AnswerEvent | null = null;
  private open: OpenEvents | null = null;

  /** Notes what is refused to the viewer, and the way of events through the rules. */
  permitted(refusals: Refusals, answer: AnswerEvent): void {
    this.refusals = refusals;
    this.answer = answer;
  }

  /** Notes where the events come from. */
  found(open: OpenEvents): void {
    this.open = open;
  }

  /** What was noted; null when the subscription has not come that far. */
  get opened(): { readonly refusals: Refusals; readonly answer: AnswerEvent; readonly open: OpenEvents } | null {
    const { refusals, answer, open } = this;
    return answer && open ? { refusals, answer, open } : null;
  }
}

/** One event of a subscription, on its way to the client. */
export interface SubscriptionEvent {
  readonly kind: 'event';
  readonly event: SubgraphAnswer;
  /** What was refused when the subscription began. */
  readonly refusals: Refusals;
}

export type SubscriptionStage = SubscriptionOpening | SubscriptionEvent;
