interface EventQueueOptions {
  /** Events that wait to be read at the most. */
  readonly capacity: number;
  /** Told once, when nobody reads any more: whoever fills the queue stops. */
  readonly onReturn?: () => void;
}

type Reader<Event> = (result: Promise<IteratorResult<Event, undefined>>) => void;

/**
 * Events on their way from whoever learns of them to one reader. Unlike a generator it can be returned while its reader
 * waits: `next` ends at once.
 */
export class EventQueue<Event> implements AsyncIterableIterator<Event, undefined> {
  private readonly waiting: Event[] = [];
  private readonly readers: Reader<Event>[] = [];
  private ending: { readonly error: unknown } | 'ended' | null = null;
  private isReturned = false;

  constructor(private readonly options: EventQueueOptions) {}

  /** False for an event that has no room, or comes after the end: it is not kept. */
  push(event: Event): boolean {
    if (this.ending) return false;
    const reader = this.readers.shift();
    if (reader) reader(Promise.resolve({ done: false, value: event }));
    else if (this.waiting.length >= this.options.capacity) return false;
    else this.waiting.push(event);
    return true;
  }

  /** What waits is read still; then it is over. */
  end(): void {
    this.ending ??= 'ended';
    this.releaseReaders();
  }

  /** The next read fails with `error`; what waits is dropped. */
  fail(error: unknown): void {
    this.ending ??= { error };
    this.waiting.length = 0;
    this.releaseReaders();
  }

  next(): Promise<IteratorResult<Event, undefined>> {
    const event = this.waiting.shift();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (this.ending) return this.result();
    return new Promise((resolve) => this.readers.push(resolve));
  }

  async return(): Promise<IteratorResult<Event, undefined>> {
    this.ending = 'ended';
    this.waiting.length = 0;
    this.releaseReaders();
    if (!this.isReturned) {
      this.isReturned = true;
      this.options.onReturn?.();
    }
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private releaseReaders(): void {
    for (const reader of this.readers.splice(0)) reader(this.result());
  }

  /** An error is read once: then it is over. */
  private async result(): Promise<IteratorResult<Event, undefined>> {
    const { ending } = this;
    this.ending = 'ended';
    if (ending !== null && ending !== 'ended') throw ending.error;
    return { done: true, value: undefined };
  }
}
