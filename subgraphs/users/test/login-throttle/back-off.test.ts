import {
  addFailure,
  delayAfter,
  memoryMs,
  remainingDelay,
  startsDelay,
  type Tally,
  withdrawFailures,
} from '../../src/login-throttle/back-off';

const BACK_OFF = { freeFailures: 3, maxDelayMs: 900_000 };
const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-01-01T00:00:00Z');

/** The tally after failures at these times. */
const after = (...times: number[]) =>
  times.reduce<Tally | null>((tally, at) => addFailure(tally, BACK_OFF, NOW + at), null);
const failures = (count: number) => after(...Array<number>(count).fill(0));

describe('the delay', () => {
  it.each([
    [0, 0],
    [2, 0],
    [3, 1_000],
    [4, 2_000],
    [5, 4_000],
    [12, 512_000],
    [13, 900_000],
    [500, 900_000],
  ])('after %d failures is %d ms', (count, delayMs) => {
    expect(delayAfter(count, BACK_OFF)).toBe(delayMs);
  });

  it('begins with the last failure, and passes', () => {
    const tally = failures(4);
    expect(remainingDelay(tally, BACK_OFF, NOW)).toBe(2_000);
    expect(remainingDelay(tally, BACK_OFF, NOW + 1_500)).toBe(500);
    expect(remainingDelay(tally, BACK_OFF, NOW + 2_000)).toBe(0);
    expect(remainingDelay(null, BACK_OFF, NOW)).toBe(0);
  });

  it('doubles although failures fade a little while one waits', () => {
    expect(remainingDelay(after(0, 0, 0, 1_000), BACK_OFF, NOW + 1_000)).toBe(2_000);
    expect(remainingDelay(after(0, 0, 0, 1_000, 3_000), BACK_OFF, NOW + 3_000)).toBe(4_000);
  });
});

describe('failures', () => {
  it('fade, one an hour', () => {
    expect(after(0, 0, 0, HOUR_MS)).toEqual({ failures: 3, at: NOW + HOUR_MS });
    expect(after(0, 0, 0, 10 * HOUR_MS)).toEqual({ failures: 1, at: NOW + 10 * HOUR_MS });
  });

  it('of a replica whose clock is ahead neither fade backwards nor make anybody wait longer', () => {
    expect(after(0, -HOUR_MS)?.failures).toBe(2);
    expect(remainingDelay(failures(2), BACK_OFF, NOW - HOUR_MS)).toBe(0);
    expect(remainingDelay(failures(4), BACK_OFF, NOW - HOUR_MS)).toBe(2_000);
  });

  it('are counted no further than they make a difference, and forgotten when the last has faded', () => {
    expect(failures(500)).toEqual(failures(13));
    expect(memoryMs(BACK_OFF)).toBe(13 * HOUR_MS);
    expect(addFailure(failures(500), BACK_OFF, NOW + memoryMs(BACK_OFF)).failures).toBe(1);
  });

  it('can be withdrawn, down to none', () => {
    expect(withdrawFailures(failures(5), 2)).toEqual({ failures: 3, at: NOW });
    expect(withdrawFailures(failures(2), 2)).toBeNull();
    expect(withdrawFailures(failures(1), 4)).toBeNull();
    expect(withdrawFailures(null, 1)).toBeNull();
  });

  it.each([
    [1, false],
    [2, true],
    [3, false],
    [9, false],
  ])('start a delay where there was none: after %d of them the next one does: %s', (count, starts) => {
    expect(startsDelay(failures(count), BACK_OFF, NOW)).toBe(starts);
  });
});
