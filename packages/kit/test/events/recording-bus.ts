import type { BusEvent, EventBus } from '../../src/event-bus';
import { InProcessBus } from '../../src/in-process-bus';
import { silentLogger } from '../silent-logger';

/** A bus that notes what it takes, and takes nothing while it is told to be down. */
export class RecordingBus extends InProcessBus implements EventBus {
  readonly published: BusEvent[] = [];
  isDown = false;
  /** Decides about single events: a rejection is a refusal. */
  beforePublish: (event: BusEvent) => Promise<void> = async () => undefined;

  constructor() {
    super(silentLogger, { attempts: 3, firstDelayMs: 1, maxDelayMs: 2 });
  }

  override async ping(): Promise<void> {
    if (this.isDown) throw new Error('the bus is down');
    await super.ping();
  }

  override async publish(event: BusEvent): Promise<void> {
    await this.ping();
    await this.beforePublish(event);
    await super.publish(event);
    this.published.push(event);
  }

  get publishedIds(): string[] {
    return this.published.map(({ aggregateId, sequence }) => `${aggregateId} ${sequence}`);
  }
}
