import {
  addFailure,
  type BackOff,
  memoryMs,
  remainingDelay,
  startsDelay,
  type Tally,
  withdrawFailures,
} from './back-off';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How long an address is known as one from which somebody has signed in. */
const FAMILIAR_MS = 30 * DAY_MS;

/** Somebody who tries out passwords for one account from one address. */
const PAIR: BackOff = { freeFailures: 3, maxDelayMs: 15 * MINUTE_MS };
/** Somebody who tries out a password for many accounts. Many people may share an address. */
const ADDRESS: BackOff = { freeFailures: 20, maxDelayMs: 60 * MINUTE_MS };
/** Many machines that try out passwords for one account. So short that its owner never has to give up. */
const ACCOUNT: BackOff = { freeFailures: 20, maxDelayMs: MINUTE_MS };

/** What is remembered about an account and an address; null where there is nothing. */
export interface AttemptRecords {
  readonly pair: Tally | null;
  readonly address: Tally | null;
  readonly account: Tally | null;
  /** The account's last sign-in from the address. */
  readonly familiar: Tally | null;
}

/** How long each is kept, in milliseconds. */
export const MEMORY_MS: Readonly<Record<keyof AttemptRecords, number>> = {
  pair: memoryMs(PAIR),
  address: memoryMs(ADDRESS),
  account: memoryMs(ACCOUNT),
  familiar: FAMILIAR_MS,
};

export type AttemptDecision =
  | { readonly kind: 'delayed'; readonly remainingMs: number }
  | { readonly kind: 'admitted'; readonly records: AttemptRecords; readonly startsDelay: boolean };

/**
 * Decides whether a password is compared at all. An attempt that is admitted counts as a failure until it is known
 * to be none; one that is not does not count. From where its owner has signed in before, failures of others do not
 * delay them.
 */
export function decideAttempt(records: AttemptRecords, now: number): AttemptDecision {
  const { pair, address, account } = records;
  const remainingMs = Math.max(
    remainingDelay(pair, PAIR, now),
    remainingDelay(address, ADDRESS, now),
    isFamiliar(records, now) ? 0 : remainingDelay(account, ACCOUNT, now),
  );
  if (remainingMs > 0) return { kind: 'delayed', remainingMs };
  return {
    kind: 'admitted',
    records: {
      ...records,
      pair: addFailure(pair, PAIR, now),
      address: addFailure(address, ADDRESS, now),
      account: addFailure(account, ACCOUNT, now),
    },
    startsDelay:
      startsDelay(pair, PAIR, now) || startsDelay(address, ADDRESS, now) || startsDelay(account, ACCOUNT, now),
  };
}

/**
 * After the right password: whoever mistyped it before gets it all forgiven, also in what they share with others,
 * and nobody else's failures.
 * @param now Null where nobody knows the address, which so cannot become familiar.
 */
export function afterSuccess({ pair, address, account }: AttemptRecords, now: number | null): AttemptRecords {
  const own = pair?.failures ?? 0;
  return {
    pair: null,
    address: withdrawFailures(address, own),
    account: withdrawFailures(account, own),
    familiar: now === null ? null : { failures: 0, at: now },
  };
}

/** After an attempt that was admitted, and then could not be made. */
export function afterNoAttempt(records: AttemptRecords): AttemptRecords {
  return {
    ...records,
    pair: withdrawFailures(records.pair, 1),
    address: withdrawFailures(records.address, 1),
    account: withdrawFailures(records.account, 1),
  };
}

function isFamiliar({ familiar }: AttemptRecords, now: number): boolean {
  return familiar !== null && now - familiar.at < FAMILIAR_MS;
}
