import { NonceMemory } from '../../src/nonce-memory';
import { FakeClock } from '../../testing';

const WINDOW_MS = 120_000;

let clock: FakeClock;
let memory: NonceMemory;
beforeEach(() => {
  clock = new FakeClock();
  memory = new NonceMemory(WINDOW_MS, clock);
});

describe('the memory of nonces', () => {
  it('takes a nonce once, and never an empty one', () => {
    expect([memory.remember('a'), memory.remember('a'), memory.remember('b')]).toEqual([true, false, true]);
    expect(memory.remember('')).toBe(false);
  });

  it.each([0, 1, 60_000, 119_999])(
    'remembers a nonce of %d ms into its first window for a whole window',
    (offsetMs) => {
      clock.advance(offsetMs);
      memory.remember('a');
      for (let passedMs = 0; passedMs < WINDOW_MS; passedMs += 1_000) {
        expect(memory.remember('a')).toBe(false);
        clock.advance(1_000);
      }
    },
  );

  it('holds the calls of two windows at the most', () => {
    for (let window = 0; window < 10; window += 1) {
      for (let call = 0; call < 100; call += 1) memory.remember(`${window} ${call}`);
      expect(memory.size).toBeLessThanOrEqual(200);
      clock.advance(WINDOW_MS);
    }
    memory.remember('last');
    expect(memory.size).toBe(101);
  });

  it('is empty after a pause of two windows', () => {
    memory.remember('a');
    clock.advance(2 * WINDOW_MS);
    expect(memory.remember('b')).toBe(true);
    expect(memory.size).toBe(1);
  });
});
