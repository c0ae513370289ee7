import type { Clock } from '@shopgraph/kit';
import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Gateway } from '../access/guarded-gateway';
import type { GatewayContext } from '../context';
import { coercedVariables } from '../executor/coerced-variables';
import type { ExecutorRequest } from '../executor/executor';
import { WrittenJson } from '../executor/written-json';
import type { CachePolicy } from './answer-headers';
import { noteKept, partsOf } from './answer-parts';
import { audienceOf } from './audience';
import { ageOf, type CacheEntry, isDueEarly } from './cache-entry';
import { type CacheKeys, digestOf, keyList, keysOf, writtenIfPossible } from './cache-keys';
import type { CacheStore } from './cache-store';
import { etagOf } from './etags';
import { ScopeMemory } from './scope-memory';
import { SingleFlight, within } from './single-flight';

type Execute = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;
type Answer = Awaited<ReturnType<Execute>>;

interface ResponseCacheOptions {
  readonly store: CacheStore;
  /** Seconds for which anything is kept at the most. */
  readonly maxAgeSeconds: number;
  /** Whether a request wants more than the answer, such as its plan. */
  readonly wantsMore: (request: ExecutorRequest) => boolean;
  readonly onLookup: (isHit: boolean) => void;
  readonly onStore: (count: number) => void;
  readonly clock: Clock;
}

/** One operation with its variables, asked by somebody. */
interface Asking {
  readonly request: ExecutorRequest;
  readonly policy: CachePolicy;
  /** Under which the memory knows what came of the operation. */
  readonly remembered: string;
  readonly keys: CacheKeys;
}

/** What came of executing an operation. */
interface Asked {
  readonly answer: Answer;
  /** Null for what may not be kept. */
  readonly entry: CacheEntry | null;
  /** Resolves when it can be found. */
  readonly isKept?: Promise<unknown> | undefined;
}

/**
 * Keeps whole answers to queries, as the text that clients get, where every part of them may be kept. It belongs behind
 * the rules of access, which are asked first: what they leave of an operation is what is looked for.
 */
export class ResponseCache {
  private readonly memory = new ScopeMemory();
  private readonly flights = new SingleFlight();
  /** What answers to one version of the supergraph are told apart by. */
  private readonly versions = new WeakMap<GraphQLSchema, string>();

  constructor(private readonly options: ResponseCacheOptions) {}

  /** Puts the cache before a gateway. */
  around(gateway: Gateway): Gateway {
    gateway.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => {
      this.versions.set(apiSchema, digestOf(coreSupergraphSdl));
    });
    return {
      load: async (options) => {
        const { executor } = await gateway.load(options);
        return { executor: executor && ((request) => this.execute(request, executor)) };
      },
      onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
      stop: () => gateway.stop(),
    };
  }

  private async execute(request: ExecutorRequest, execute: Execute): Promise<Answer> {
    const isQuery = request.operation.operation === OperationTypeNode.QUERY;
    const asking = isQuery && !this.options.wantsMore(request) ? this.askingOf(request) : null;
    if (!asking) return execute(request);
    const { store, onLookup, clock } = this.options;
    const { keys } = asking;
    const list = keyList(keys);
    const found = list.length > 0 ? await store.find([list], () => []) : null;
    if (!found) return (await this.ask(asking, execute, null)).answer;
    const { asOf } = found;
    const kept = this.answerOf(found.entries[0] ?? null, asking);
    onLookup(kept !== null);
    if (kept) return kept;

    const flight = this.flights.join(keys, asOf);
    if (!flight) return this.lead(asking, execute, asOf);
    const { deadline } = request.context as GatewayContext;
    const joined = this.answerOf(await within(flight, deadline.getTime() - clock.now().getTime()), asking);
    return joined ?? (await this.ask(asking, execute, null)).answer;
  }

  /** Null when the variables do not fit, cannot be written, and where the supergraph has no version. */
  private askingOf(request: ExecutorRequest): Asking | null {
    const { schema, operation, queryHash, operationName } = request;
    const version = this.versions.get(schema);
    const { coerced } = coercedVariables(schema, operation, request.request.variables);
    const variables = coerced ? writtenIfPossible(() => JSON.stringify(coerced)) : null;
    if (version === undefined || variables === null) return null;
    const { viewer } = request.context as GatewayContext;
    const audience = audienceOf(viewer);
    const asked = `${version} ${queryHash} ${operationName ?? ''}`;
    const remembered = `${asked} ${audience.everybody}`;
    const keys = keysOf(`${asked}\n${variables}`, audience, this.memory.scopesOf(remembered));
    return { request, policy: request.overallCachePolicy as CachePolicy, remembered, keys };
  }

  private async lead(asking: Asking, execute: Execute, asOf: number): Promise<Answer> {
    const land = this.flights.lead(asking.keys, asOf);
    let asked: Asked | null = null;
    try {
      asked = await this.ask(asking, execute, asOf);
      return asked.answer;
    } finally {
      land(asked?.entry ?? null, asked?.isKept);
    }
  }

  /** Has the operation executed, and keeps what comes of it. @param asOf Null when nothing may be kept. */
  private async ask(asking: Asking, execute: Execute, asOf: number | null): Promise<Asked> {
    const { request, policy, keys, remembered } = asking;
    const start = performance.now();
    if (asOf !== null) partsOf(policy).isFresh = true;
    const answer = await execute(request);
    const data: unknown = answer.data;
    if (answer.errors || answer.extensions || !(data instanceof WrittenJson)) return { answer, entry: null };
    const parts = partsOf(policy);
    const kept = parts.isTagged ? policy.policyIfCacheable() : null;
    this.memory.learn(remembered, kept?.scope ?? null);
    if (!kept || asOf === null) return { answer, entry: null };

    const { store, maxAgeSeconds, onStore, clock } = this.options;
    parts.etag = etagOf(data.text);
    const entry: CacheEntry = {
      asOf,
      // As old as its oldest part.
      storedAt: clock.now().getTime() - parts.age * 1000,
      maxAge: Math.min(kept.maxAge, maxAgeSeconds) + parts.age,
      tookMs: performance.now() - start,
      scope: kept.scope,
      tags: [...parts.tags],
      etag: parts.etag,
      text: data.text,
    };
    const key = keys[entry.scope];
    const written = key === null ? null : store.write([[key, entry]]);
    onStore(written?.count ?? 0);
    return { answer, entry, isKept: written?.done };
  }

  private answerOf(entry: CacheEntry | null, { policy }: Asking): Answer | null {
    const now = this.options.clock.now().getTime();
    if (!entry || isDueEarly(entry, now, 1 - Math.random())) return null;
    noteKept(policy, entry, now);
    const parts = partsOf(policy);
    parts.etag = entry.etag;
    parts.age = ageOf(entry, now);
    return { data: new WrittenJson(entry.text) as unknown as Record<string, unknown> };
  }
}
