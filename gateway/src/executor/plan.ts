import type { FetchNode, PlanNode, ResponsePath, SubscriptionNode } from '@apollo/query-planner';
import type { GraphQLError } from 'graphql';
import type { Entity } from './entities';
import { compileFetch } from './fetch';
import type { SubgraphCaller } from './subgraph-call';
import type { Types } from './types';

/** One execution of a plan. */
export interface Execution<Request> {
  /** Whose answer is put together, for those who call subgraphs. */
  readonly request: Request;
  /** As the client sent them; their defaults stand in the operations of the fetches. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Whether fields are selected that depend on a variable, by its name. */
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly data: Entity;
  readonly errors: GraphQLError[];
}

/** A part of a plan, ready to run; never rejects for what a subgraph does. */
export type Step<Request> = (execution: Execution<Request>) => Promise<void>;

/** What plans are compiled for. */
export interface PlanOptions<Request> {
  readonly types: Types;
  readonly callSubgraph: SubgraphCaller<Request>;
}

/** What a plan can hold that is not executed here. */
export class UnsupportedNode extends Error {}

/**
 * Makes a step of a plan's node.
 * @throws UnsupportedNode for what belongs to deferred answers and subscriptions.
 */
export function compilePlan<Request>(
  node: PlanNode,
  options: PlanOptions<Request>,
  path: ResponsePath = [],
): Step<Request> {
  const compile = (child: PlanNode) => compilePlan(child, options, path);
  switch (node.kind) {
    case 'Sequence': {
      const steps = node.nodes.map(compile);
      return async (execution) => {
        for (const step of steps) await step(execution);
      };
    }
    case 'Parallel': {
      const steps = node.nodes.map(compile);
      return async (execution) => void (await Promise.all(steps.map((step) => step(execution))));
    }
    case 'Flatten':
      return compilePlan(node.node, options, [...path, ...node.path]);
    case 'Fetch':
      return compileFetch(node, path, options);
    case 'Condition': {
      const whenTrue = node.ifClause && compile(node.ifClause);
      const whenFalse = node.elseClause && compile(node.elseClause);
      return async (execution) => {
        const step = execution.conditions[node.condition] === true ? whenTrue : whenFalse;
        await step?.(execution);
      };
    }
    case 'Defer':
      throw new UnsupportedNode(node.kind);
  }
}

/** Everything that a plan asks of subgraphs. */
export function fetchesOf(node: PlanNode | SubscriptionNode | undefined): FetchNode[] {
  if (!node) return [];
  switch (node.kind) {
    case 'Fetch':
      return [node];
    case 'Flatten':
      return fetchesOf(node.node);
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap(fetchesOf);
    case 'Subscription':
      return [node.primary, ...fetchesOf(node.rest)];
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchesOf);
    case 'Defer':
      return [];
  }
}
