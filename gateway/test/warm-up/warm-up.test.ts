import { setImmediate } from 'node:timers';
import { buildSchema } from 'graphql';
import { pino } from 'pino';
import type { Executor } from '../../src/executor/executor';
import { knownOperations } from '../../src/executor/known-operation';
import { warmUp } from '../../src/warm-up/warm-up';

const schema = buildSchema('type Query { a: Int b: Int c: Int }');
const logger = pino({ enabled: false });
const operations = knownOperations(['{ a }', '{ b }', 'query C { c }']);

/** Remembers what it was to prepare, each of which takes `ms`. */
function recordingExecutor(ms = 0) {
  const prepared: string[] = [];
  const executor = {
    prepare({ queryHash }: { queryHash: string }) {
      const end = performance.now() + ms;
      while (performance.now() < end);
      prepared.push(queryHash);
    },
  };
  return { prepared, executor: executor as Pick<Executor, 'prepare'> as Executor };
}

const options = (more: Partial<Parameters<typeof warmUp>[2]> = {}) => ({
  schema,
  maxMs: 10_000,
  onWarmed: () => undefined,
  isCancelled: () => false,
  logger,
  ...more,
});

describe('the warm-up', () => {
  it('prepares the most important operation first, and leaves it as the one that was used last', async () => {
    const { executor, prepared } = recordingExecutor();
    await warmUp(executor, operations, options());
    const [a, b, c] = operations.map(({ queryHash }) => queryHash);
    expect(prepared).toEqual([a, b, c, c, b, a]);
  });

  it('skips what does not fit the schema, and what the planner refuses, and says so', async () => {
    const outcomes: string[] = [];
    const refusing = {
      prepare({ operationName }: { operationName: string | null }) {
        if (operationName === 'C') throw new Error('beyond the limits');
      },
    } as Pick<Executor, 'prepare'> as Executor;
    const all = [...knownOperations(['{ gone }']), ...operations];
    await warmUp(refusing, all, options({ onWarmed: (outcome) => void outcomes.push(outcome) }));
    expect(outcomes).toEqual(['skipped', 'planned', 'planned', 'skipped']);
  });

  it('ends when its time is up, give or take one operation', async () => {
    const { executor, prepared } = recordingExecutor(30);
    await warmUp(executor, Array.from({ length: 50 }, () => operations).flat(), options({ maxMs: 45 }));
    expect(new Set(prepared).size).toBeLessThanOrEqual(2);
    expect(prepared.length).toBeLessThanOrEqual(2 * 2);
  });

  it('ends when nobody needs the version any more', async () => {
    const { executor, prepared } = recordingExecutor();
    await warmUp(executor, operations, options({ isCancelled: () => prepared.length > 0 }));
    expect(prepared).toHaveLength(2);
  });

  it('lets other work in between two operations', async () => {
    const { executor, prepared } = recordingExecutor();
    const seen: number[] = [];
    const look = () => {
      seen.push(prepared.length);
      if (prepared.length < operations.length) setImmediate(look);
    };
    setImmediate(look);
    await warmUp(executor, operations, options());
    expect(seen).toEqual(expect.arrayContaining([1, 2]));
  });
});

describe('the operations of a manifest', () => {
  it('are those that can be executed by their text alone', () => {
    const known = knownOperations(['query A { a }', '{ a', 'query A { a } query B { b }', 'fragment F on Query { a }']);
    expect(known.map(({ operationName }) => operationName)).toEqual(['A']);
  });
});
