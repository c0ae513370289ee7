import type { SubgraphTransport } from '../subgraph-transport';

/** An ejection does not become longer than so many first ones. */
const LONGEST_EJECTION = 10;

/** One address of a subgraph, and how it has fared. Times are in milliseconds since 1970. */
export class Replica {
  /** Calls that it has not answered yet. */
  underWay = 0;
  /** Failures since its last success. */
  failures = 0;
  private ejections = 0;
  private ejectedForMs = 0;
  private outUntil: number | null = null;
  private inSince = 0;
  private isProven = true;

  constructor(
    readonly url: string,
    readonly transport: SubgraphTransport,
  ) {}

  get isIn(): boolean {
    return this.outUntil === null;
  }

  /** Whether it has not answered since it was let in again. */
  get isOnTrial(): boolean {
    return !this.isProven;
  }

  /** Whether another call may be sent to it: after an ejection only one, until it has answered. */
  get takesCalls(): boolean {
    return this.isIn && (this.isProven || this.underWay === 0);
  }

  succeeded(): void {
    this.failures = 0;
    this.isProven = true;
  }

  /** Takes it out, longer each time until it has been in for as long as it was out. Answers for how long. */
  eject(now: number, ejectionMs: number): number {
    if (now - this.inSince > this.ejectedForMs) this.ejections = 0;
    this.ejections = Math.min(this.ejections + 1, LONGEST_EJECTION);
    this.ejectedForMs = ejectionMs * this.ejections;
    this.outUntil = now + this.ejectedForMs;
    return this.ejectedForMs;
  }

  /** Lets it in when its time is over. */
  returnIfDue(now: number): void {
    if (this.outUntil !== null && now >= this.outUntil) this.return(now);
  }

  /** Lets it in, on trial. */
  return(now: number): void {
    this.outUntil = null;
    this.inSince = now;
    this.isProven = false;
  }
}
