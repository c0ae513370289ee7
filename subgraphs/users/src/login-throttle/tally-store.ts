import { DomainError, type Redis, type RedisWithFallback } from '@shopgraph/kit';
import type { Tally } from './back-off';
import { TallyMemory } from './tally-memory';

/** Several megabytes, should Redis be away while somebody makes up accounts. */
const MAX_IN_MEMORY = 50_000;
/** Every time another change is faster, at least that one is made: more rounds than changes can be at once. */
const MAX_ROUNDS = 1_000;

/** Writes all values if none has changed since it was read; no value is the empty one. */
const COMPARE_AND_SET = `
local count = #KEYS
for i = 1, count do
  if (redis.call('GET', KEYS[i]) or '') ~= ARGV[i] then return 0 end
end
for i = 1, count do
  local value = ARGV[count + i]
  if value == '' then
    redis.call('DEL', KEYS[i])
  else
    redis.call('SET', KEYS[i], value, 'PX', ARGV[2 * count + i])
  end
end
return 1`;

export interface TallyKey {
  readonly name: string;
  /** How long after its last change it may be forgotten, in milliseconds. */
  readonly memoryMs: number;
}

type Tallies = readonly (Tally | null)[];

/** What becomes of tallies: `next` has one for each key, or is null when all stay as they are. */
export interface TallyChange<Answer> {
  readonly answer: Answer;
  readonly next: Tallies | null;
}

type Round<Answer> = { readonly kind: 'away' | 'outrun' } | { readonly kind: 'done'; readonly answer: Answer };

/** Tallies that all replicas share through Redis. While it is away each replica counts alone. */
export class TallyStore {
  private readonly local = new TallyMemory(MAX_IN_MEMORY);

  constructor(private readonly redis: RedisWithFallback) {}

  /**
   * Changes several tallies at once, as if no other change happened meanwhile.
   * @param change Is asked again when another change was faster, so it must do nothing else.
   * @throws DomainError UNAVAILABLE when other changes are always faster.
   */
  async update<Answer>(keys: readonly TallyKey[], change: (tallies: Tallies) => TallyChange<Answer>): Promise<Answer> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const outcome = await this.redis.run<Round<Answer>>(
        (redis) => updateIn(redis, keys, change),
        () => ({ kind: 'away' }),
      );
      if (outcome.kind === 'done') return outcome.answer;
      if (outcome.kind === 'away') return this.updateLocally(keys, change);
    }
    throw new DomainError('UNAVAILABLE');
  }

  private updateLocally<Answer>(keys: readonly TallyKey[], change: (tallies: Tallies) => TallyChange<Answer>): Answer {
    const { answer, next } = change(keys.map(({ name }) => this.local.get(name)));
    if (next) keys.forEach(({ name }, index) => this.local.set(name, next[index] ?? null));
    return answer;
  }
}

async function updateIn<Answer>(
  redis: Redis,
  keys: readonly TallyKey[],
  change: (tallies: Tallies) => TallyChange<Answer>,
): Promise<Round<Answer>> {
  const names = keys.map(({ name }) => name);
  const stored = (await redis.mget(names)).map((value) => value ?? '');
  const { answer, next } = change(stored.map(read));
  if (!next) return { kind: 'done', answer };
  const values = keys.map((_key, index) => write(next[index] ?? null));
  const lifetimes = keys.map(({ memoryMs }) => memoryMs);
  const isWritten = await redis.eval(COMPARE_AND_SET, names.length, ...names, ...stored, ...values, ...lifetimes);
  return isWritten === 1 ? { kind: 'done', answer } : { kind: 'outrun' };
}

function write(tally: Tally | null): string {
  return tally ? `${tally.failures}@${tally.at}` : '';
}

function read(value: string): Tally | null {
  if (value === '') return null;
  const [failures, at] = value.split('@').map(Number);
  return { failures: failures ?? 0, at: at ?? 0 };
}
