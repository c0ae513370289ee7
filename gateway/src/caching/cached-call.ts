import type { Clock } from '@shopgraph/kit';
import type { GatewayContext } from '../context';
import type { Entity } from '../executor/entities';
import type { ExecutorRequest } from '../executor/executor';
import {
  entitiesIn,
  type SubgraphAnswer,
  type SubgraphCall,
  type SubgraphCaller,
  type SubgraphFault,
} from '../executor/subgraph-call';
import type { CachePolicy } from './answer-headers';
import { noteKept, partsOf } from './answer-parts';
import { audienceOf } from './audience';
import { type CacheEntry, isDueEarly } from './cache-entry';
import { type CacheKeys, keyList, keysOf, NO_KEYS, writtenIfPossible } from './cache-keys';
import type { CacheStore, Found } from './cache-store';
import { callFor, faultsOf } from './partial-call';
import { PartPolicy } from './part-policy';
import type { Question } from './questions';
import type { ScopeMemory } from './scope-memory';
import { type SingleFlight, within } from './single-flight';

/** What every call through the cache needs. */
export interface CachedCallDependencies {
  readonly store: CacheStore | null;
  readonly memory: ScopeMemory;
  readonly flights: SingleFlight;
  readonly ask: SubgraphCaller<ExecutorRequest>;
  /** Seconds for which anything is kept at the most. */
  readonly maxAgeSeconds: number;
  readonly onLookup: (subgraph: string, hits: number, misses: number) => void;
  readonly onStore: (subgraph: string, count: number) => void;
  readonly clock: Clock;
}

/** What came of asking the subgraph for some of the values. */
interface Asked {
  readonly answer: SubgraphAnswer;
  /** In the order of the places; null for what may not be kept. */
  readonly entries: readonly (CacheEntry | null)[];
  /** Resolves when they can be found. */
  readonly isKept?: Promise<unknown> | undefined;
}

/** One query to a subgraph: of as many values as it asks for entities, or of one, its root data. */
export class CachedCall {
  private readonly policy: CachePolicy;
  private readonly context: GatewayContext;
  private readonly isRoot: boolean;
  private readonly keys: readonly CacheKeys[];
  /** What the call says of its entities, read when somebody wants to know. */
  private known: readonly Entity[] | undefined;
  /** Under which the memory knows what came of such calls. */
  private readonly remembered: string;

  constructor(
    private readonly deps: CachedCallDependencies,
    private readonly question: Question,
    private readonly call: SubgraphCall,
    private readonly request: ExecutorRequest,
  ) {
    this.policy = request.overallCachePolicy as CachePolicy;
    this.context = request.context as GatewayContext;
    this.isRoot = call.representations.length === 0;
    const audience = audienceOf(this.context.viewer);
    this.remembered = `${question.id} ${audience.everybody}`;
    const scopes = deps.store && question.addTags ? deps.memory.scopesOf(this.remembered) : new Set<never>();
    const asked = scopes.size > 0 ? writtenIfPossible(() => call.variables()) : null;
    this.keys =
      asked === null
        ? []
        : (this.isRoot ? [''] : call.representations).map((text) =>
            keysOf(`${question.id}\n${asked}\n${text}`, audience, scopes),
          );
  }

  async answer(): Promise<SubgraphAnswer> {
    const { call, deps } = this;
    const lists = this.keys.map(keyList);
    const isKept = lists.some((list) => list.length > 0);
    const found = isKept ? await deps.store?.find(lists, () => this.likelyTags()) : null;
    if (!found) return (await this.ask(this.places(), null)).answer;

    const values = found.entries.map((entry) => this.valueOf(entry));
    const misses = values.flatMap((value, place) => (value === undefined ? [place] : []));
    deps.onLookup(call.subgraph, values.length - misses.length, misses.length);
    const errors = misses.length > 0 ? await this.fill(values, misses, found) : [];
    if (!this.isRoot) return { data: { _entities: values.map((value) => value ?? null) }, errors };
    return { data: (values[0] as Entity | null | undefined) ?? null, errors };
  }

  /** Gets the values that are missing, from those who ask for them already or from the subgraph. */
  private async fill(values: unknown[], misses: readonly number[], { asOf }: Found): Promise<readonly SubgraphFault[]> {
    const { flights, clock } = this.deps;
    const joined: [number, Promise<CacheEntry | null>][] = [];
    const led: number[] = [];
    for (const place of misses) {
      const flight = flights.join(this.keys[place] ?? NO_KEYS, asOf);
      if (flight) joined.push([place, flight]);
      else led.push(place);
    }
    const timeoutMs = this.context.deadline.getTime() - clock.now().getTime();
    const [errors, left] = await Promise.all([
      led.length > 0 ? this.lead(values, led, asOf) : [],
      Promise.all(
        joined.map(async ([place, flight]) => {
          values[place] = this.valueOf(await within(flight, timeoutMs));
          return values[place] === undefined ? [place] : [];
        }),
      ),
    ]);
    const others = left.flat();
    if (others.length === 0) return errors;
    // Not to be kept: what others got was not, or not for this viewer; so these calls may share one.
    return [...errors, ...this.put(values, others, (await this.ask(others, null)).answer)];
  }

  private async lead(values: unknown[], places: readonly number[], asOf: number): Promise<readonly SubgraphFault[]> {
    const land = places.map((place) => this.deps.flights.lead(this.keys[place] ?? NO_KEYS, asOf));
    let asked: Asked | null = null;
    try {
      asked = await this.ask(places, asOf);
      return this.put(values, places, asked.answer);
    } finally {
      land.forEach((settle, index) => settle(asked?.entries[index] ?? null, asked?.isKept));
    }
  }

  /** Puts what was answered to its places; answers the errors as those of the whole call. */
  private put(values: unknown[], places: readonly number[], answer: SubgraphAnswer): readonly SubgraphFault[] {
    if (this.isRoot) {
      values[0] = answer.data;
      return answer.errors;
    }
    entitiesIn(answer, places.length)?.forEach((entity, index) => (values[places[index] ?? -1] = entity));
    return faultsOf(answer, places);
  }

  /** @param asOf Null when nothing may be kept. */
  private async ask(places: readonly number[], asOf: number | null): Promise<Asked> {
    const { call, request, policy, deps } = this;
    const part = new PartPolicy();
    const start = performance.now();
    // What is kept is as new as `asOf` says: an answer that somebody else has asked for before may be older.
    const isFresh = asOf !== null || partsOf(policy).isFresh;
    const answer = await deps.ask({ ...callFor(call, places), isFresh }, { ...request, overallCachePolicy: part });
    policy.restrict(part);
    const kept = part.policyIfCacheable();
    const values = this.isRoot ? answer.data && [answer.data] : entitiesIn(answer, places.length);
    if (answer.errors.length > 0 || !values) return { answer, entries: [] };
    deps.memory.learn(this.remembered, kept?.scope ?? null);
    const { addTags } = this.question;
    if (!addTags) partsOf(policy).isTagged = false;
    if (!addTags || !kept) return { answer, entries: [] };

    const tags = values.map((value, index) => {
      const ofValue = new Set<string>();
      addTags(ofValue, value, this.entities[places[index] ?? -1] ?? null);
      return [...ofValue];
    });
    for (const tag of tags.flat()) partsOf(policy).tags.add(tag);
    if (asOf === null) return { answer, entries: [] };
    const [storedAt, tookMs] = [deps.clock.now().getTime(), performance.now() - start];
    const known = { asOf, storedAt, tookMs, etag: null, scope: kept.scope };
    const maxAge = Math.min(kept.maxAge, deps.maxAgeSeconds);
    // Written now: what is answered is changed by those who put the whole together.
    const entries = values.map((value, index) => ({
      ...{ ...known, maxAge, tags: tags[index] ?? [] },
      text: JSON.stringify(value ?? null),
    }));
    return { answer, entries, isKept: this.store(places, entries) };
  }

  private store(places: readonly number[], entries: readonly CacheEntry[]): Promise<unknown> | undefined {
    const { store, onStore } = this.deps;
    const keyed = entries.flatMap((entry, index): [string, CacheEntry][] => {
      const key = this.keys[places[index] ?? -1]?.[entry.scope] ?? null;
      return key === null ? [] : [[key, entry]];
    });
    const written = store?.write(keyed);
    onStore(this.call.subgraph, written?.count ?? 0);
    return written?.done;
  }

  /** What an entry holds, noted as a part of the answer; undefined for none, and when it is time to ask anew. */
  private valueOf(entry: CacheEntry | null): unknown {
    const now = this.deps.clock.now().getTime();
    if (!entry || isDueEarly(entry, now, 1 - Math.random())) return undefined;
    try {
      const value = JSON.parse(entry.text) as unknown;
      noteKept(this.policy, entry, now);
      return value;
    } catch {
      return undefined;
    }
  }

  private places(): number[] {
    return this.isRoot ? [0] : [...this.call.representations.keys()];
  }

  /** Of the entities themselves: what they hold is known only later. */
  private likelyTags(): ReadonlySet<string> {
    const tags = new Set<string>();
    for (const entity of this.entities) this.question.addTags?.(tags, null, entity);
    return tags;
  }

  private get entities(): readonly Entity[] {
    return (this.known ??= this.call.representations.map((text) => JSON.parse(text) as Entity));
  }
}
