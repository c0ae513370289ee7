import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { BusEvent, RetryPolicy, Subscription } from './event-bus';

/**
 * Hands events to one subscription: those of an aggregate one after the other, others side by side, each with
 * retries. What every transport needs between its queue and a handler.
 */
export class OrderedDelivery {
  private readonly lastOf = new Map<string, Promise<unknown>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly subscription: Subscription,
    private readonly retry: RetryPolicy,
    private readonly logger: Logger,
  ) {}

  /** Resolves to true when the event was handled, to false when every attempt failed. Rejects when stopped before either. */
  deliver(event: BusEvent): Promise<boolean> {
    const { aggregateId } = event;
    const before = this.lastOf.get(aggregateId) ?? Promise.resolve();
    const delivery = before.then(() => this.attempt(event));
    const settled = delivery
      .catch(() => undefined)
      .finally(() => {
        if (this.lastOf.get(aggregateId) === settled) this.lastOf.delete(aggregateId);
      });
    this.lastOf.set(aggregateId, settled);
    return delivery;
  }

  /** Ends waiting retries, and resolves when no handler runs any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.lastOf.values());
  }

  private async attempt(event: BusEvent): Promise<boolean> {
    const { consumer } = this.subscription;
    for (let attempt = 1; ; attempt += 1) {
      this.stopping.signal.throwIfAborted();
      try {
        await this.subscription.handle(event);
        return true;
      } catch (err) {
        const isLast = attempt >= this.retry.attempts;
        const details = { err, consumer, eventId: event.id, eventType: event.type, attempt };
        if (isLast) this.logger.error(details, 'event laid aside as a dead letter');
        else this.logger.warn(details, 'event failed: trying again');
        if (isLast) return false;
      }
      const delayMs = Math.min(this.retry.firstDelayMs * 2 ** (attempt - 1), this.retry.maxDelayMs);
      await sleep(delayMs, undefined, { signal: this.stopping.signal });
    }
  }
}
