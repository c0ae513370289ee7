import { type Client, type Clock, requestFields } from '@shopgraph/kit';
import { ExponentialBackoff, fullJitterGenerator, handleWhenResult, retry, type RetryPolicy } from 'cockatiel';
import type { Logger } from 'pino';
import type { HttpAnswer } from '../answer-reader';
import type { GatewayContext } from '../context';
import type { SubgraphTransport } from '../subgraph-transport';
import { isConnectionFault, isUnansweredStatus } from './fault';
import type { GuardedSubgraph } from './guarded-subgraph';
import type { Replica } from './replica';
import { RetryBudget } from './retry-budget';
import { leftOf, type Sending, sendingOf } from './sending';
import type { ResilienceSettings } from './settings';

interface RetryingTransportOptions {
  readonly subgraph: string;
  readonly guarded: GuardedSubgraph;
  readonly settings: ResilienceSettings;
  readonly onRetry: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What came of one attempt: the answer, or why there is none. */
type Outcome = { readonly isRepeated: boolean } & (
  { readonly answer: HttpAnswer; readonly error?: undefined } | { readonly answer?: undefined; readonly error: unknown }
);

/**
 * Repeats what found no connection, lost it, or was answered 502, 503 or 504 in the subgraph's stead, at another
 * replica if there is one, after a random part of a growing pause (full jitter). Only for queries.
 */
export class RetryingTransport implements SubgraphTransport {
  private readonly policy: RetryPolicy;
  private readonly budget: RetryBudget;

  constructor(private readonly options: RetryingTransportOptions) {
    const { retries, retryDelayMs, retryRatio } = options.settings;
    this.budget = new RetryBudget(retryRatio);
    this.policy = retry(
      handleWhenResult((outcome) => (outcome as Outcome).isRepeated),
      {
        maxAttempts: retries,
        backoff: new ExponentialBackoff({
          generator: fullJitterGenerator,
          initialDelay: retryDelayMs,
          maxDelay: pauseBefore(retries, retryDelayMs),
        }),
      },
    );
    this.policy.onRetry(options.onRetry);
  }

  async send(body: string, call: GatewayContext, timeoutMs: number, client: Client | null): Promise<HttpAnswer> {
    const sending = sendingOf(body, call, timeoutMs, client, this.options.clock);
    const tried = new Set<Replica>();
    this.budget.deposit();
    const { answer, error } = await this.policy.execute(({ attempt }) => this.attempt(sending, tried, attempt));
    if (answer) return answer;
    throw error;
  }

  private async attempt(sending: Sending, tried: Set<Replica>, count: number): Promise<Outcome> {
    const { guarded } = this.options;
    try {
      const answer = await guarded.attempt(sending, tried);
      const isRepeated = isUnansweredStatus(answer) && this.mayRepeat(sending, count, `HTTP ${answer.status}`);
      return { answer, isRepeated };
    } catch (error) {
      return {
        error,
        isRepeated: isConnectionFault(error, sending.call.signal) && this.mayRepeat(sending, count, error),
      };
    }
  }

  private mayRepeat(sending: Sending, count: number, err: unknown): boolean {
    const { subgraph, settings, clock, logger } = this.options;
    if (count >= settings.retries || leftOf(sending, clock) <= pauseBefore(count + 1, settings.retryDelayMs)) {
      return false;
    }
    if (!this.budget.withdraw()) return false;
    logger.warn({ ...requestFields(sending.call), err, subgraph }, 'call of a subgraph is repeated');
    return true;
  }
}

/** Milliseconds before a repetition, counted from 1, at the most. */
function pauseBefore(repetition: number, retryDelayMs: number): number {
  return retryDelayMs * 2 ** Math.max(0, repetition - 1);
}
