import type { BsonDocument } from '../bson/values';

/** How many changes a change stream can be resumed behind. */
const REMEMBERED_EVENTS = 20_000;
const FORGOTTEN_AT_ONCE = 5_000;

/** Where something happened: a database, or a collection in it. */
export interface EventNamespace {
  readonly database: string;
  readonly collection?: string;
}

/** Something that change streams report. */
export interface ChangeEvent extends EventNamespace {
  readonly type: 'insert' | 'update' | 'replace' | 'delete' | 'create' | 'drop' | 'rename' | 'dropDatabase';
  readonly documentId?: BsonDocument['_id'];
  readonly before?: BsonDocument;
  readonly after?: BsonDocument;
  /** The new name after a rename. */
  readonly to?: EventNamespace;
}

/** An event with its place among all others. */
export interface SequencedEvent extends ChangeEvent {
  /** Rises by one from event to event. */
  readonly sequence: number;
  readonly time: Date;
}

/** Everything that has changed lately, in order. */
export class ChangeFeed {
  /** The second in which the server started: with a sequence number it makes a timestamp that is never used twice. */
  readonly epoch = Math.floor(Date.now() / 1000);
  private events: SequencedEvent[] = [];
  private readonly listeners = new Set<() => void>();
  private latest = 1;

  /** The sequence number of the last event; 1 when there was none. */
  get lastSequence(): number {
    return this.latest;
  }

  /** The first event that is still remembered, or the one that comes next. */
  get firstSequence(): number {
    return this.events[0]?.sequence ?? this.latest + 1;
  }

  /** Adds events, all of them before anybody is told. */
  append(events: readonly ChangeEvent[]): void {
    const time = new Date();
    for (const event of events) this.events.push({ ...event, sequence: ++this.latest, time });
    if (this.events.length > REMEMBERED_EVENTS) this.events = this.events.slice(FORGOTTEN_AT_ONCE);
    this.announce();
  }

  /** The events after `sequence`, in order. */
  after(sequence: number): SequencedEvent[] {
    return this.events.slice(Math.max(0, sequence + 1 - this.firstSequence));
  }

  /** Calls `listener` after every change, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Wakes everybody who waits, also when what they wait for is gone. */
  announce(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
