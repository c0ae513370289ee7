import type { FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import { type DocumentNode, parse, print, stripIgnoredCharacters, visit } from 'graphql';
import { entityFieldsOf, withEntityFields } from './entity-selections';
import type { StandIns } from './stand-ins';

/**
 * The same plan, in which stand-ins are what they stand for, under a response name of their own. Fields of one fetch
 * that require the same field with different arguments are fetched apart: a representation has room for one of them.
 */
export function withoutStandIns(plan: QueryPlan, standIns: StandIns): QueryPlan {
  const { node } = plan;
  if (standIns.fields.size === 0 || !node || node.kind === 'Subscription') return plan;
  return {
    ...plan,
    node: replaceFetches(node, (fetch) => {
      const nodes = fetchesFor(fetch, standIns);
      return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'Parallel', nodes };
    }),
  };
}

function replaceFetches(node: PlanNode, replace: (fetch: FetchNode) => PlanNode): PlanNode {
  const inner = (child: PlanNode) => replaceFetches(child, replace);
  switch (node.kind) {
    case 'Fetch':
      return replace(node);
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map(inner) };
    case 'Flatten':
      return { ...node, node: inner(node.node) };
    case 'Condition': {
      const { ifClause, elseClause } = node;
      return {
        ...node,
        ...(ifClause && { ifClause: inner(ifClause) }),
        ...(elseClause && { elseClause: inner(elseClause) }),
      };
    }
    case 'Defer':
      return node;
  }
}

function fetchesFor(fetch: FetchNode, standIns: StandIns): FetchNode[] {
  const document = parse(fetch.operation, { noLocation: true });
  const { requires } = fetch;
  if (!requires) return [{ ...fetch, operation: write(document, standIns) }];
  const groups = compatibleGroups(entityFieldsOf(document), standIns);
  if (groups.length < 2) {
    return [{ ...fetch, requires: requirements(requires, standIns, null), operation: write(document, standIns) }];
  }
  return groups.map(({ fields, required }) => {
    const { document: part, variables } = withEntityFields(document, fields);
    return {
      ...fetch,
      variableUsages: (fetch.variableUsages ?? []).filter((name) => variables.has(name)),
      requires: requirements(requires, standIns, new Set(required.values())),
      operation: write(part, standIns),
    };
  });
}

interface Group {
  /** Each as `Type.field`. */
  readonly fields: Set<string>;
  /** The stand-ins that they require, by the names of the fields that these stand for. */
  readonly required: Map<string, string>;
}

/** As few as it takes, in order, that in each no two stand-ins stand for a field of one name. */
function compatibleGroups(fields: ReadonlySet<string>, standIns: StandIns): Group[] {
  const groups: Group[] = [];
  for (const field of fields) {
    const required = [...(standIns.requiredBy.get(field) ?? [])].map((standIn) => [
      meantBy(standIn, standIns),
      standIn,
    ]);
    const fits = (group: Group) =>
      required.every(([name = '', standIn]) => [undefined, standIn].includes(group.required.get(name)));
    let group = groups.find(fits);
    if (!group) groups.push((group = { fields: new Set(), required: new Map() }));
    group.fields.add(field);
    for (const [name = '', standIn = ''] of required) group.required.set(name, standIn);
  }
  return groups;
}

function meantBy(standIn: string, { fields }: StandIns): string {
  return fields.get(standIn)?.name.value ?? standIn;
}

/** @param wanted The stand-ins that are sent; null for all. */
function requirements(
  selections: readonly QueryPlanSelectionNode[],
  standIns: StandIns,
  wanted: ReadonlySet<string> | null,
): QueryPlanSelectionNode[] {
  return selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === 'InlineFragment') {
      const inner = requirements(selection.selections, standIns, wanted);
      return inner.length > 0 ? [{ ...selection, selections: inner }] : [];
    }
    const { name } = selection;
    const isStandIn = standIns.fields.has(name);
    if (isStandIn && wanted?.has(name) === false) return [];
    const inner = selection.selections && requirements(selection.selections, standIns, wanted);
    // Nothing else was wanted of it.
    if (inner?.length === 0) return [];
    const field = { ...selection, ...(inner && { selections: inner }) };
    return [isStandIn ? { ...field, name: meantBy(name, standIns), alias: name } : field];
  });
}

/** The operation in the subgraph's terms. */
function write(document: DocumentNode, { fields }: StandIns): string {
  const meant = visit(document, {
    Field(node) {
      const field = fields.get(node.name.value);
      if (!field) return undefined;
      return { ...node, alias: node.alias ?? node.name, name: field.name, arguments: field.arguments ?? [] };
    },
  });
  return stripIgnoredCharacters(print(meant));
}
