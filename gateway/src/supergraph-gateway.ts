import { ApolloGateway, type GraphQLDataSource, type ServiceEndpointDefinition } from '@apollo/gateway';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Gateway } from './access/guarded-gateway';
import { disableApolloTelemetry } from './config';
import { PlanCache } from './plan-cache';
import type { SupergraphSource } from './supergraph-sources';

/** Plans that are kept: more than clients have operations, fewer than fill the memory. */
const MAX_QUERY_PLANS = 2_000;

interface SupergraphGatewayOptions {
  readonly source: SupergraphSource;
  readonly createDataSource: (subgraph: ServiceEndpointDefinition) => GraphQLDataSource;
  readonly onPlanLookup: (isHit: boolean) => void;
  /** Told the names of the subgraphs whenever a version is taken over. */
  readonly onTakeOver: (subgraphs: ReadonlySet<string>) => void;
  /** Whether clients may ask for the query plan beside the answer. */
  readonly showsPlans: boolean;
  readonly logger: Logger;
}

type Schema = Parameters<Parameters<Gateway['onSchemaLoadOrUpdate']>[0]>[0];
type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;

/**
 * Serves a supergraph that may change. Every version has a planner and an executor of its own, and a request is
 * executed by the version that it was validated against, so that none fails because of a change. A version that
 * is no supergraph is logged, and the old one stays.
 */
export class SupergraphGateway implements Gateway {
  private readonly executors = new WeakMap<GraphQLSchema, Executor>();
  private readonly listeners = new Set<(schema: Schema) => void>();
  private current: Schema | null = null;
  private changes: Promise<void> = Promise.resolve();
  private cleanup: () => Promise<void> = async () => undefined;

  constructor(private readonly options: SupergraphGatewayOptions) {
    disableApolloTelemetry();
  }

  /** @throws Error when the first version is no supergraph. */
  async load(): Promise<{ executor: Executor }> {
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
    await this.cleanup();
    await this.changes;
  }

  private async execute(request: Parameters<Executor>[0]): ReturnType<Executor> {
    const execute = this.executors.get(request.schema);
    if (!execute) throw new Error('the request was validated against a schema that is not served');
    return execute(request);
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

  private async takeOver(supergraphSdl: string): Promise<void> {
    const { createDataSource, onPlanLookup, onTakeOver, showsPlans, logger } = this.options;
    const subgraphs = new Set<string>();
    const version = new ApolloGateway({
      supergraphSdl,
      buildService(subgraph) {
        subgraphs.add(subgraph.name);
        return createDataSource(subgraph);
      },
      queryPlannerConfig: { cache: new PlanCache(MAX_QUERY_PLANS, onPlanLookup) },
      __exposeQueryPlanExperimental: showsPlans,
      logger,
    });
    let loaded: Schema | undefined;
    version.onSchemaLoadOrUpdate((schema) => (loaded = schema));
    const { executor } = await version.load();
    if (!loaded) throw new Error('the supergraph has no schema');
    this.executors.set(loaded.apiSchema, executor as Executor);
    this.current = loaded;
    for (const listener of this.listeners) listener(loaded);
    onTakeOver(subgraphs);
  }
}
