import { setTimeout as wait } from 'node:timers/promises';
import { DomainError, EventQueue } from '@shopgraph/kit';
import { endOf } from './subscription-end';

/** Before the first attempt to begin again, in milliseconds; doubles with each further one. */
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;

interface ResumedEventsOptions<Event> {
  /** Begins the events. A DomainError of its refuses them for good. */
  readonly open: (signal: AbortSignal) => Promise<AsyncIterable<Event>>;
  /** Events that wait for the client at the most. */
  readonly capacity: number;
  /** Milliseconds for which it is tried to begin again. */
  readonly patienceMs: number;
  /** Told of each stream that broke off. */
  readonly onBreak: (error: unknown) => void;
}

/**
 * Events that begin again, with growing delays, whenever they break off; what happened meanwhile is missed. They fail
 * with UNAVAILABLE when they stay away, and with RATE_LIMITED when the client does not keep up: nothing is dropped in
 * silence.
 * @throws what `open` does the first time.
 */
export async function resumedEvents<Event>(options: ResumedEventsOptions<Event>): Promise<EventQueue<Event>> {
  const { open, capacity, patienceMs, onBreak } = options;
  const controller = new AbortController();
  const { signal } = controller;
  const queue = new EventQueue<Event>({ capacity, onReturn: () => controller.abort() });

  function fail(error: unknown): void {
    queue.fail(error);
    controller.abort();
  }

  /** True when they are complete, or nobody listens any more. */
  async function deliver(events: AsyncIterable<Event>): Promise<boolean> {
    try {
      for await (const event of events) {
        if (!queue.push(event)) {
          fail(endOf('slow'));
          return true;
        }
      }
      queue.end();
      return true;
    } catch (error) {
      if (!signal.aborted) onBreak(error);
      return signal.aborted;
    }
  }

  /** Null when it is over. */
  async function reopened(): Promise<AsyncIterable<Event> | null> {
    const patience = performance.now() + patienceMs;
    for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(2 * delayMs, MAX_DELAY_MS)) {
      // Not all at once: a subgraph that comes back has thousands to begin with.
      await wait(delayMs * (0.5 + Math.random()), undefined, { signal, ref: false });
      try {
        return await open(signal);
      } catch (error) {
        const isRefusal = error instanceof DomainError;
        if (!signal.aborted && !isRefusal && performance.now() < patience) continue;
        fail(isRefusal ? error : endOf('unavailable', error));
        return null;
      }
    }
  }

  async function pump(first: AsyncIterable<Event>): Promise<void> {
    for (let events: AsyncIterable<Event> | null = first; events; events = await reopened()) {
      if (await deliver(events)) return;
    }
  }

  const first = await open(signal);
  // Aborting ends it, while it waits too.
  void pump(first).catch((error: unknown) => fail(error));
  return queue;
}
