import { ApolloGateway, type GraphQLDataSource, type ServiceEndpointDefinition } from '@apollo/gateway';
import { prettyFormatQueryPlan } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Gateway } from './access/guarded-gateway';
import { disableApolloTelemetry } from './config';
import { Executor, type ExecutorRequest } from './executor/executor';
import { plannerConfig, plannerOf } from './executor/planner';
import type { PlanningLimits } from './executor/planning-limits';
import { resolvableKeysFirst } from './executor/resolvable-keys';
import { distinctRequirements } from './executor/stand-ins';
import type { SubgraphCaller } from './executor/subgraph-call';
import type { CachePolicy } from './caching/answer-headers';
import type { SupergraphVersion } from './caching/questions';
import type { GatewayContext } from './context';
import type { SubgraphClient } from './subgraph-client';
import type { SubgraphStream } from './subscriptions/subgraph-stream';
import type { SupergraphSource } from './supergraph-sources';
import { type WarmUp, warmUp } from './warm-up/warm-up';

/** Whether the plan is asked for beside the answer, as Apollo's explorer does. */
export function wantsPlan({ request }: ExecutorRequest): boolean {
  return request.http?.headers.has('apollo-query-plan-experimental') ?? false;
}

/** What a supergraph is served with. */
export interface SupergraphGatewayOptions {
  readonly source: SupergraphSource;
  readonly createSubgraphClient: (subgraph: ServiceEndpointDefinition) => SubgraphClient;
  /** Stands between the executor of a version and its subgraphs. */
  readonly aroundCalls: (
    ask: SubgraphCaller<ExecutorRequest>,
    version: SupergraphVersion,
  ) => SubgraphCaller<ExecutorRequest>;
  /** The way to a subgraph's events; without it there are no subscriptions. */
  readonly createSubgraphStream?: (subgraph: ServiceEndpointDefinition) => SubgraphStream;
  /** Bytes, about, that operations may take which are kept ready to run. */
  readonly maxOperationBytes: number;
  readonly planningLimits: PlanningLimits;
  readonly onPlanLookup: (isHit: boolean) => void;
  /** Told the seconds that planning and compiling an operation took. */
  readonly onPlanned?: (seconds: number) => void;
  /** Told the names of the subgraphs whenever a version is taken over. */
  readonly onTakeOver: (subgraphs: ReadonlySet<string>) => void;
  /** Whether clients may ask for the query plan beside the answer. */
  readonly showsPlans: boolean;
  /** What a version plans before it is served; nothing unless given. */
  readonly warmUp?: WarmUp;
  readonly logger: Logger;
}

type Schema = Parameters<Parameters<Gateway['onSchemaLoadOrUpdate']>[0]>[0];
type Execute = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;

/**
 * Serves a supergraph that may change. Every version has a planner and an executor of its own, and a request is
 * executed by the version that it was validated against, so that none fails because of a change. A version that
 * is no supergraph is logged, and the old one stays.
 */
export class SupergraphGateway implements Gateway {
  private readonly executors = new WeakMap<GraphQLSchema, Executor>();
  private readonly streams = new WeakMap<GraphQLSchema, ReadonlyMap<string, SubgraphStream>>();
  private readonly listeners = new Set<(schema: Schema) => void>();
  private current: Schema | null = null;
  private isStopped = false;
  private changes: Promise<void> = Promise.resolve();
  private cleanup: () => Promise<void> = async () => undefined;

  constructor(private readonly options: SupergraphGatewayOptions) {
    disableApolloTelemetry();
  }

  /** @throws Error when the first version is no supergraph. */
  async load(): Promise<{ executor: Execute }> {
    const { supergraphSdl, cleanup } = await this.options.source((changed) => this.change(changed));
    this.cleanup = cleanup;
    try {
      await this.takeOver(supergraphSdl);
    } catch (error) {
      await cleanup();
      throw error;
    }
    return { executor: (request) => this.execute(request) };
  }

  onSchemaLoadOrUpdate(listener: (schema: Schema) => void): () => void {
    this.listeners.add(listener);
    if (this.current) listener(this.current);
    return () => void this.listeners.delete(listener);
  }

  /** @throws Error unless there is a supergraph. */
  assertServing(): void {
    if (!this.current) throw new Error('there is no supergraph');
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.cleanup();
    await this.changes;
  }

  private async execute(request: ExecutorRequest): ReturnType<Execute> {
    const executor = this.executors.get(request.schema);
    if (!executor) throw new Error('the request was validated against a schema that is not served');
    const { subscription } = request.context as Partial<GatewayContext>;
    if (subscription?.kind === 'opening') {
      const call = executor.eventsOf(request);
      if ('errors' in call) return call;
      const stream = this.streams.get(request.schema)?.get(call.subgraph);
      if (stream) subscription.found((context, signal) => stream.open(call, context, signal));
      return { data: {} };
    }
    const answer = await executor.execute(request, subscription?.event);
    if (!this.options.showsPlans || !wantsPlan(request)) return answer;
    const plan = prettyFormatQueryPlan(executor.planOf(request));
    return { ...answer, extensions: { __queryPlanExperimental: plan } };
  }

  // One after the other, so that the version that came last is the one that stays.
  private change(supergraphSdl: string): void {
    this.changes = this.changes.then(async () => {
      try {
        await this.takeOver(supergraphSdl);
        this.options.logger.info('serving a new supergraph');
      } catch (err) {
        this.options.logger.error({ err }, 'the new supergraph cannot be used: keeping the old one');
      }
    });
  }

  private async takeOver(sdl: string): Promise<void> {
    const plannable = distinctRequirements(resolvableKeysFirst(sdl));
    const {
      createSubgraphClient,
      createSubgraphStream,
      planningLimits: limits,
      onPlanLookup,
      onPlanned,
      onTakeOver,
      maxOperationBytes: maxBytes,
      logger,
    } = this.options;
    const clients = new Map<string, SubgraphClient>();
    const streams = new Map<string, SubgraphStream>();
    const version = new ApolloGateway({
      ...plannable.apollo,
      queryPlannerConfig: plannerConfig(limits),
      buildService(subgraph) {
        clients.set(subgraph.name, createSubgraphClient(subgraph));
        if (createSubgraphStream) streams.set(subgraph.name, createSubgraphStream(subgraph));
        return UNUSED;
      },
      logger,
    });
    let loaded: Schema | undefined;
    version.onSchemaLoadOrUpdate((schema) => (loaded = schema));
    await version.load();
    if (!loaded) throw new Error('the supergraph has no schema');
    const planner = plannerOf(version, plannable, limits);
    const ask: SubgraphCaller<ExecutorRequest> = async (call, { context, overallCachePolicy }) => {
      const client = clients.get(call.subgraph);
      if (!client) throw new Error(`the plan asks for ${call.subgraph}, which the supergraph does not have`);
      // Only operations of clients get here: the schema comes from elsewhere.
      return client.call(call, context as GatewayContext, overallCachePolicy as CachePolicy);
    };
    const executor = new Executor({
      planner,
      callSubgraph: this.options.aroundCalls(ask, { supergraph: planner.supergraph, supergraphSdl: sdl }),
      maxBytes,
      onPlanLookup,
      onPlanned,
    });
    await this.warm(executor, loaded.apiSchema);
    this.executors.set(loaded.apiSchema, executor);
    this.streams.set(loaded.apiSchema, streams);
    this.current = loaded;
    for (const listener of this.listeners) listener(loaded);
    onTakeOver(new Set(clients.keys()));
  }

  /** So that a new version does not have to plan everything at once when it is served. */
  private async warm(executor: Executor, schema: GraphQLSchema): Promise<void> {
    const { warmUp: options, logger } = this.options;
    if (!options) return;
    const before = this.current && this.executors.get(this.current.apiSchema);
    const operations = before?.recent(options.maxOperations) ?? options.operations.slice(0, options.maxOperations);
    await warmUp(executor, operations, { ...options, schema, isCancelled: () => this.isStopped, logger });
  }
}

/** Subgraphs are called by the executor, not by Apollo's. */
const UNUSED: GraphQLDataSource = {
  process() {
    throw new Error("Apollo's executor is not used");
  },
};
