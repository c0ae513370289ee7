import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  getOperationAST,
  GraphQLError,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isLeafType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { FieldGraphs } from './field-graphs';
import { fragmentsOf } from './fragments';

/** How far the planner goes for one operation. */
export interface PlanningLimits {
  /** Ways to one field that are considered at the most: an operation with more is refused. */
  readonly maxPaths: number;
  /** Plans that are compared at the most: with more, the best of some is taken. */
  readonly maxPlans: number;
}

/** What the planner throws beyond its limits, or when the ways do not fit into an array. */
const BEYOND_LIMITS = /^(Too many options generated|Number of non-local selections exceeds|Invalid array length)/;

/** @throws GraphQLError GRAPHQL_VALIDATION_FAILED when `plan` ends at a limit of the planner. */
export function withinPlannersLimits<Plan>(plan: () => Plan): Plan {
  try {
    return plan();
  } catch (error) {
    throw error instanceof Error && BEYOND_LIMITS.test(error.message) ? tooManyWays() : error;
  }
}

/** What is known where a field is selected. */
interface Place {
  readonly type: GraphQLNamedType | null;
  /** The subgraphs that can have answered what is around it. */
  readonly graphs: ReadonlySet<string>;
  /** Types that are told apart there already, each on a way of its own. */
  readonly ways: number;
}

/**
 * Refuses operations for which the planner would lay out too many ways. A field of an interface that several subgraphs
 * resolve is planned for each implementation, in all combinations of these subgraphs: before its own limit is looked
 * at, a handful of implementations take all memory there is.
 * @throws GraphQLError GRAPHQL_VALIDATION_FAILED.
 */
export function refuseTooManyWays(
  document: DocumentNode,
  operationName: string | null,
  schema: GraphQLSchema,
  graphs: FieldGraphs,
  maxPaths: number,
): void {
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!root) return;
  const fragments = fragmentsOf(document);
  const walked = new Set<string>();

  function walk({ selections }: SelectionSetNode, place: Place): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const inner = within(selection, place);
        if (selection.selectionSet) walk(selection.selectionSet, inner);
        continue;
      }
      const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
      const fragment = isSpread ? fragments[selection.name.value] : selection;
      // Once in each place: written out, fragments can grow exponentially.
      const visit = isSpread && `${selection.name.value} ${place.ways} ${[...place.graphs].join()}`;
      if (!fragment || (visit && walked.has(visit))) continue;
      if (visit) walked.add(visit);
      const type = fragment.typeCondition ? schema.getType(fragment.typeCondition.name.value) : place.type;
      walk(fragment.selectionSet, { ...place, type: type ?? null });
    }
  }

  function within({ name: { value: name } }: FieldNode, { type, graphs: around, ways }: Place): Place {
    const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (!definition || !type) return { type: null, graphs: around, ways };
    const inner = { type: getNamedType(definition.type), graphs: graphs.of(type.name, name), ways };
    if (!isInterfaceType(type)) return inner;
    const choices = choicesOf(type, name, isLeafType(inner.type), around);
    const combinations = choices.reduce((product, count) => product * count, 1) ** ways;
    if (combinations > maxPaths) throw tooManyWays();
    return { ...inner, ways: ways * Math.max(1, choices.length) };
  }

  /** How many subgraphs there are to choose from for each implementation; none where the interface itself is asked. */
  function choicesOf(
    type: GraphQLInterfaceType,
    field: string,
    isLeaf: boolean,
    around: ReadonlySet<string>,
  ): number[] {
    const direct = graphs.of(type.name, field);
    const entities = schema.getPossibleTypes(type).filter(({ name }) => graphs.isEntity(name));
    const shared = entities.map(({ name }) => graphs.of(name, field)).filter(({ size }) => size > 1);
    const isExploded = [...around].some(
      (graph) => !direct.has(graph) || (!isLeaf && shared.some((resolving) => resolving.has(graph))),
    );
    return isExploded ? shared.map(({ size }) => size) : [];
  }

  walk(operation.selectionSet, { type: root, graphs: new Set(), ways: 1 });
}

function tooManyWays(): GraphQLError {
  return new GraphQLError('There are too many ways to answer this operation: ask for less at once.', {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  });
}
