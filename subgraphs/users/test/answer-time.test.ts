import { setTimeout as pause } from 'node:timers/promises';
import { inWholeSteps } from '../src/answer-time';

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work().catch(() => undefined);
  return performance.now() - begin;
}

describe('an answer whose time must not tell anything', () => {
  it('comes after a whole number of steps, however long the work takes', async () => {
    const [nothing, little, more] = await Promise.all([
      millisecondsOf(() => inWholeSteps(async () => undefined)),
      millisecondsOf(() => inWholeSteps(() => pause(40))),
      millisecondsOf(() => inWholeSteps(() => pause(110))),
    ]);
    // Timers may fire a little early.
    expect(Math.min(nothing, little)).toBeGreaterThanOrEqual(95);
    expect(more).toBeGreaterThanOrEqual(195);
  });

  it('is the one of the work, also when it fails, after the same time', async () => {
    expect(await inWholeSteps(async () => 42)).toBe(42);
    const failing = () => inWholeSteps(() => Promise.reject(new Error('no')));
    await expect(failing()).rejects.toThrow('no');
    expect(await millisecondsOf(failing)).toBeGreaterThanOrEqual(95);
  });
});
