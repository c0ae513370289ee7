import type { ApolloGateway } from '@apollo/gateway';
import { operationFromDocument, type Schema } from '@apollo/federation-internals';
import type { QueryPlan, QueryPlanner, QueryPlannerConfig } from '@apollo/query-planner';
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import { withoutStandIns } from './distinct-fetches';
import { FieldGraphs } from './field-graphs';
import { type InjectedFields, injectedFieldsOf } from './injected-fields';
import { type PlanningLimits, refuseTooManyWays, withinPlannersLimits } from './planning-limits';
import type { PlannableSupergraph } from './stand-ins';

/** What a loaded gateway has made of its supergraph and keeps to itself. */
interface Internals {
  readonly queryPlanner: QueryPlanner;
  readonly apiSchema: Schema;
  readonly supergraphSchema: GraphQLSchema;
}

/** Plans operations on one version of a supergraph. */
export interface Planner {
  /** With the types that clients do not see. */
  readonly supergraph: GraphQLSchema;
  readonly injected: InjectedFields;
  /** @throws GraphQLError GRAPHQL_VALIDATION_FAILED when the operation is beyond the limits. */
  plan(document: DocumentNode, operationName: string | null): QueryPlan;
}

/**
 * The planner of a gateway that is loaded. It has no public way to it, and a second planner would take as much memory
 * and time again.
 * @throws Error when another version of Apollo's gateway keeps it elsewhere.
 */
export function plannerOf(
  gateway: ApolloGateway,
  { apollo, standIns }: PlannableSupergraph,
  { maxPaths }: PlanningLimits,
): Planner {
  const { queryPlanner, apiSchema, supergraphSchema } = gateway as unknown as Partial<Internals>;
  if (!queryPlanner || !apiSchema || !supergraphSchema) throw new Error("Apollo's gateway has no planner where it was");
  const document = parse(apollo.supergraphSdl, { noLocation: true });
  const graphs = new FieldGraphs(document);
  return {
    supergraph: supergraphSchema,
    injected: injectedFieldsOf(document, supergraphSchema),
    plan(asked, operationName) {
      refuseTooManyWays(asked, operationName, supergraphSchema, graphs, maxPaths);
      const operation = operationFromDocument(apiSchema, asked, operationName === null ? {} : { operationName });
      const plan = withinPlannersLimits(() => queryPlanner.buildQueryPlan(operation));
      return withoutStandIns(plan, standIns);
    },
  };
}

/** What Apollo's gateway has to know of the limits. */
export function plannerConfig({ maxPaths, maxPlans }: PlanningLimits): QueryPlannerConfig {
  return { debug: { maxEvaluatedPlans: maxPlans, pathsLimit: maxPaths } };
}
