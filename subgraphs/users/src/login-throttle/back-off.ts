const FIRST_DELAY_MS = 1_000;
/** One failure is forgotten after so long: whoever shares an address with clumsy people does not pay for all of them. */
const FADING_MS = 3_600_000;

/** How failures turn into waiting: some are free, then one second, two, four, up to a limit. */
export interface BackOff {
  readonly freeFailures: number;
  readonly maxDelayMs: number;
}

/** Failures, and when the last one was. */
export interface Tally {
  /** No integer, because failures fade. */
  readonly failures: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How long to wait after so many failures, in milliseconds. */
export function delayAfter(failures: number, { freeFailures, maxDelayMs }: BackOff): number {
  const beyond = Math.round(failures) - freeFailures;
  return beyond < 0 ? 0 : Math.min(maxDelayMs, FIRST_DELAY_MS * 2 ** beyond);
}

/** Milliseconds until the next attempt. */
export function remainingDelay(tally: Tally | null, backOff: BackOff, now: number): number {
  return tally ? Math.max(0, delayAfter(tally.failures, backOff) - elapsed(tally, now)) : 0;
}

/** The tally with one failure more. Failures that could not make the delay longer are not counted. */
export function addFailure(tally: Tally | null, backOff: BackOff, now: number): Tally {
  return { failures: Math.min(failuresThatMatter(backOff), failuresLeft(tally, now) + 1), at: now };
}

/** The tally without failures that turned out to be none; null when nothing remains. */
export function withdrawFailures(tally: Tally | null, count: number): Tally | null {
  return tally && tally.failures > count ? { ...tally, failures: tally.failures - count } : null;
}

/** Whether the next failure makes those wait who until then did not have to. */
export function startsDelay(tally: Tally | null, backOff: BackOff, now: number): boolean {
  const failuresBefore = failuresLeft(tally, now);
  return delayAfter(failuresBefore, backOff) === 0 && delayAfter(failuresBefore + 1, backOff) > 0;
}

/** Milliseconds after which the longest tally is forgotten. */
export function memoryMs(backOff: BackOff): number {
  return failuresThatMatter(backOff) * FADING_MS;
}

function failuresLeft(tally: Tally | null, now: number): number {
  return tally ? Math.max(0, tally.failures - elapsed(tally, now) / FADING_MS) : 0;
}

/** The clock of another replica may be ahead of ours. */
function elapsed({ at }: Tally, now: number): number {
  return Math.max(0, now - at);
}

function failuresThatMatter({ freeFailures, maxDelayMs }: BackOff): number {
  return freeFailures + Math.ceil(Math.log2(maxDelayMs / FIRST_DELAY_MS));
}
