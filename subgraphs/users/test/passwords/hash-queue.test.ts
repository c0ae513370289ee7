import { readFile } from 'node:fs/promises';
import { aGate, type Gate } from '@shopgraph/kit/testing';
import { defaultConcurrency, HashQueue } from '../../src/passwords/hash-queue';
import { PasswordHasher } from '../../src/passwords/password-hasher';

/** A queue by a clock of its own, and work for it that ends when the test says so. */
function aQueue(concurrency: number) {
  const clock = { now: 0 };
  const queue = new HashQueue(concurrency, () => clock.now);
  const begun: string[] = [];
  const work = (name: string) => {
    const end = aGate();
    const done = queue.run(async () => {
      begun.push(name);
      await end.passed;
      return name;
    });
    return { end, done };
  };
  /** Teaches the queue how long a hash takes. */
  const learn = async (durationMs: number): Promise<void> => {
    const { end, done } = work('first');
    await turn();
    clock.now += durationMs;
    end.open();
    await done;
  };
  return { queue, begun, work, learn };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('hashes', () => {
  it('are begun in their order, never more at once than may be', async () => {
    const { begun, work } = aQueue(2);
    const [a, b, c, d] = [work('a'), work('b'), work('c'), work('d')] as const;
    await turn();
    expect(begun).toEqual(['a', 'b']);
    b.end.open();
    expect(await b.done).toBe('b');
    await turn();
    expect(begun).toEqual(['a', 'b', 'c']);
    for (const { end } of [a, c, d] as { end: Gate }[]) end.open();
    expect(await Promise.all([a.done, c.done, d.done])).toEqual(['a', 'c', 'd']);
  });

  it('that fail make room for the next', async () => {
    const { queue } = aQueue(1);
    const failing = queue.run(() => Promise.reject(new Error('out of memory')));
    const next = queue.run(async () => 'next');
    await expect(failing).rejects.toThrow('out of memory');
    expect(await next).toBe('next');
    expect(await queue.run(async () => 'another')).toBe('another');
  });

  it('are refused at once where they would have to wait for more than five seconds', async () => {
    const { work, learn } = aQueue(1);
    await learn(2_000);
    const waiting = [work('a'), work('b'), work('c')];
    await expect(work('d').done).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE', retryAfter: 6 } });
    for (const { end } of waiting) end.open();
    expect(await Promise.all(waiting.map(({ done }) => done))).toEqual(['a', 'b', 'c']);
  });

  it('do not pile up without end before it is known how long they take', async () => {
    const { work } = aQueue(1);
    const waiting = Array.from({ length: 1_001 }, (_, index) => work(String(index)));
    await expect(work('one too many').done).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
    for (const { end } of waiting) end.open();
    await Promise.all(waiting.map(({ done }) => done));
  });

  it('leave threads for files and names, however many there are', async () => {
    const hasher = new PasswordHasher(10);
    let finished = 0;
    const flood = Array.from({ length: 24 }, async () => {
      await hasher.hash('anchor');
      finished += 1;
    });
    await readFile(__filename);
    // Without the queue the file would come after all of them.
    expect(finished).toBeLessThan(8);
    await Promise.all(flood);
  });

  it.each([
    [1, 1],
    [2, 1],
    [4, 3],
    [16, 3],
  ])('on %d cores are %d at once', (cores, concurrency) => {
    expect(defaultConcurrency(cores)).toBe(concurrency);
  });
});
