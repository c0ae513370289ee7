import type { Clock } from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { Replica } from './replica';

interface ReplicasOptions {
  readonly subgraph: string;
  /** One at the least. */
  readonly replicas: readonly Replica[];
  /** Failures in a row that eject one. */
  readonly failuresToEject: number;
  /** Milliseconds for which one is ejected the first time. */
  readonly ejectionMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The replicas of one subgraph. One that fails again and again is ejected for a growing time, but never all of
 * them: when the last one fails, too, the others get another chance.
 */
export class Replicas {
  private next = 0;

  constructor(private readonly options: ReplicasOptions) {}

  get ejected(): readonly Replica[] {
    return this.options.replicas.filter(({ isIn }) => !isIn);
  }

  /** The one with the fewest calls under way, by turns where several have as few; not one of `tried` if others are in. */
  choose(tried: ReadonlySet<Replica>): Replica {
    const { replicas, clock } = this.options;
    const now = clock.now().getTime();
    for (const replica of replicas) replica.returnIfDue(now);
    const choice =
      this.leastBusy((replica) => replica.takesCalls && !tried.has(replica)) ??
      this.leastBusy((replica) => replica.takesCalls) ??
      this.leastBusy((replica) => replica.isIn);
    if (!choice) throw new Error('every replica is ejected');
    return choice;
  }

  succeeded(replica: Replica): void {
    replica.succeeded();
  }

  failed(replica: Replica): void {
    replica.failures += 1;
    if (!replica.isIn || (replica.failures < this.options.failuresToEject && !replica.isOnTrial)) return;
    const others = this.options.replicas.filter((other) => other !== replica);
    const now = this.options.clock.now().getTime();
    if (others.some(({ isIn }) => isIn)) this.eject(replica, now);
    else for (const other of others) other.return(now);
  }

  private eject(replica: Replica, now: number): void {
    const { subgraph, ejectionMs, logger } = this.options;
    const forMs = replica.eject(now, ejectionMs);
    logger.warn({ subgraph, url: replica.url, forMs }, 'replica ejected');
  }

  private leastBusy(isEligible: (replica: Replica) => boolean): Replica | undefined {
    const { replicas } = this.options;
    let choice: number | undefined;
    for (let offset = 0; offset < replicas.length; offset += 1) {
      const index = (this.next + offset) % replicas.length;
      const replica = replicas[index];
      const best = choice === undefined ? Infinity : (replicas[choice]?.underWay ?? Infinity);
      if (replica && isEligible(replica) && replica.underWay < best) choice = index;
    }
    if (choice === undefined) return undefined;
    this.next = (choice + 1) % replicas.length;
    return replicas[choice];
  }
}
