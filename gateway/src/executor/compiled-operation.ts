import type { QueryPlan } from '@apollo/query-planner';
import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { collectFields } from 'graphql/execution/collectFields';
import { Conditions } from './conditions';
import type { Entity } from './entities';
import { compileEventFetch, type EventFetch } from './fetch';
import { fragmentsOf } from './fragments';
import { compilePlan, type PlanOptions, type Step } from './plan';
import { compileShape, type WriteAnswer } from './response-shape';

/** An operation with its plan. */
interface PlannedOperation {
  /** What clients see of the supergraph. */
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly plan: QueryPlan;
}

/** Which fields are selected when the variables of `@skip` and `@include` have certain values. */
interface Variant {
  readonly writeAnswer: WriteAnswer;
  /** Those of `__schema` and `__type`, which no subgraph answers. */
  readonly introspection: readonly FieldNode[];
  readonly hasOtherFields: boolean;
}

/** Of one operation: n variables of `@skip` and `@include` would make 2ⁿ. Those used last are kept. */
const MAX_VARIANTS = 64;

/** An operation that was planned and compiled once, to be run many times. */
export class CompiledOperation<Request> {
  readonly plan: QueryPlan;
  /** What a subscription begins with; null for all else. */
  readonly events: EventFetch<Request> | null;
  /** Of a subscription, what follows each event. Null when no subgraph has to be asked. */
  readonly run: Step<Request> | null;
  /** What decides which of its variants is meant. */
  readonly conditions: Conditions;
  private readonly fragments: Record<string, FragmentDefinitionNode>;
  private readonly variants = new LRUCache<string, Variant>({ max: MAX_VARIANTS });

  /** @throws UnsupportedNode when the plan holds what is not executed here. */
  constructor(
    private readonly planned: PlannedOperation,
    options: PlanOptions<Request>,
  ) {
    const { plan, document } = planned;
    this.plan = plan;
    const [events, answer] =
      plan.node?.kind === 'Subscription' ? [plan.node.primary, plan.node.rest] : [null, plan.node];
    this.events = events && compileEventFetch(events, options);
    this.run = answer ? compilePlan(answer, options) : null;
    this.conditions = new Conditions(document);
    this.fragments = fragmentsOf(document);
  }

  /** @param conditions Values of these variables: compiled for each of them when they first come. */
  variantFor(conditions: Record<string, unknown>): Variant {
    const key = this.conditions.keyOf(conditions);
    let variant = this.variants.get(key);
    if (!variant) {
      variant = this.compileVariant(conditions);
      this.variants.set(key, variant);
    }
    return variant;
  }

  /** What `__schema` and `__type` answer, by response name. @param variables Coerced. */
  introspect({ introspection }: Variant, variables: Record<string, unknown>): Entity {
    if (introspection.length === 0) return {};
    const { schema, operation } = this.planned;
    const selectionSet = { kind: Kind.SELECTION_SET, selections: introspection } as const;
    const document: DocumentNode = {
      kind: Kind.DOCUMENT,
      definitions: [{ ...operation, selectionSet }, ...Object.values(this.fragments)],
    };
    const { data, errors } = executeSync({ schema, document, variableValues: variables });
    const [error] = errors ?? [];
    if (error) throw error;
    return { ...data };
  }

  private compileVariant(conditions: Record<string, unknown>): Variant {
    const { schema, operation } = this.planned;
    const { fragments } = this;
    const rootType = schema.getRootType(operation.operation);
    if (!rootType) throw new GraphQLError(`The schema has no ${operation.operation}.`);
    const roots = [...collectFields(schema, fragments, conditions, rootType, operation.selectionSet).values()].flat();
    const isOfSchema = ({ name }: FieldNode) => name.value.startsWith('__');
    return {
      writeAnswer: compileShape({ schema, operation, fragments, conditions }),
      introspection: roots.filter((node) => isOfSchema(node) && node.name.value !== '__typename'),
      hasOtherFields: roots.some((node) => !isOfSchema(node)),
    };
  }
}
