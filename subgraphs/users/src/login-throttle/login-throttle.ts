import { createHmac } from 'node:crypto';
import {
  type Call,
  type Clock,
  countedAddress,
  inTransaction,
  type MongoConnection,
  ok,
  refuse,
  type Result,
} from '@shopgraph/kit';
import type { AuditTrail } from '../audit/audit-trail';
import { derivedKey } from '../derived-key';
import { afterNoAttempt, afterSuccess, type AttemptRecords, decideAttempt, MEMORY_MS } from './attempt';
import type { TallyKey, TallyStore } from './tally-store';

/** What is counted as one address where nobody says where a call comes from. */
const UNKNOWN_ADDRESS = 'unknown';
/** Stands in for the id of a user in the audit trail. */
const UNKNOWN_USER = 'unknown';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly tallies: TallyStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  /** Keeps those who read Redis from finding out whose keys they see. */
  readonly secret: string | undefined;
}

/** What came of comparing a password. */
export interface Check {
  /** Whether it was the password of an account that may be used. */
  readonly isRight: boolean;
  /** Null for an address that nobody has; the audit trail hides what was typed. */
  readonly userId: string | null;
}

export interface AttemptDelayed {
  readonly kind: 'attempt-delayed';
  readonly retryAfterSeconds: number;
}

type RecordName = keyof AttemptRecords;
const RECORD_NAMES = ['pair', 'address', 'account', 'familiar'] as const satisfies readonly RecordName[];

/** Lets nobody guess passwords quickly, from one address or many, one after the other or all at once. */
export class LoginThrottle {
  private readonly key: Buffer;

  constructor(private readonly deps: Dependencies) {
    this.key = derivedKey(deps.secret ?? '', 'shopgraph users login throttle');
  }

  /**
   * Has a password compared, unless failures before it ask for a pause: then not even the right one is. Whoever
   * checks a password that came with a request does it in here. Known and unknown accounts are treated alike.
   * @param email Of the account, in the spelling of `normaliseEmail`.
   * @param check Compares the password; when it throws, the attempt does not count.
   */
  async attempt<Checked extends Check>(
    email: string,
    call: Call,
    check: () => Promise<Checked>,
  ): Promise<Result<Checked, AttemptDelayed>> {
    const now = this.deps.clock.now().getTime();
    // Before it is compared: of simultaneous attempts each knows of the others.
    const decision = await this.update(email, call, (records) => {
      const decided = decideAttempt(records, now);
      return { answer: decided, next: decided.kind === 'admitted' ? decided.records : null };
    });
    if (decision.kind === 'delayed') {
      return refuse({ kind: 'attempt-delayed', retryAfterSeconds: Math.ceil(decision.remainingMs / 1_000) });
    }
    const checked = await check().catch(async (error: unknown) => {
      await this.update(email, call, (records) => ({ answer: null, next: afterNoAttempt(records) }));
      throw error;
    });
    await (checked.isRight ? this.welcome(email, call) : this.note(checked, decision.startsDelay, call));
    return ok(checked);
  }

  /**
   * Forgives the failures of somebody who has proven that the account is theirs, and takes the address for one of
   * theirs from now on. Those of others still count.
   */
  async welcome(email: string, call: Call): Promise<void> {
    const now = call.client ? this.deps.clock.now().getTime() : null;
    await this.update(email, call, (records) => ({ answer: null, next: afterSuccess(records, now) }));
  }

  private note({ userId }: Check, startsDelay: boolean, call: Call): Promise<void> {
    const { connection, audit } = this.deps;
    const subject = userId ?? UNKNOWN_USER;
    const failed = { action: 'login.failed', subject } as const;
    const delayed = { action: 'login.delayed', subject } as const;
    return inTransaction(connection, (tx) => audit.recordAll(startsDelay ? [failed, delayed] : [failed], call, tx));
  }

  private update<Answer>(
    email: string,
    { client }: Call,
    change: (records: AttemptRecords) => { readonly answer: Answer; readonly next: AttemptRecords | null },
  ): Promise<Answer> {
    const address = client ? countedAddress(client.ip) : UNKNOWN_ADDRESS;
    const texts = { pair: [email, address], address: [address], account: [email], familiar: [email, address] };
    const keys = RECORD_NAMES.map((name) => this.keyOf(name, texts[name]));
    return this.deps.tallies.update(keys, ([pair = null, addressTally = null, account = null, familiar = null]) => {
      const { answer, next } = change({ pair, address: addressTally, account, familiar });
      return { answer, next: next && RECORD_NAMES.map((name) => next[name]) };
    });
  }

  private keyOf(record: RecordName, texts: readonly string[]): TallyKey {
    const digest = createHmac('sha256', this.key)
      .update(JSON.stringify([record, ...texts]))
      .digest('base64url');
    return { name: `login:${record}:${digest}`, memoryMs: MEMORY_MS[record] };
  }
}
