import type { FetchNode, ResponsePath } from '@apollo/query-planner';
import { OperationTypeNode } from 'graphql';
import { entitiesAt, type Entity, isObject, mergeInto, type Path, pathsOfEntitiesAt } from './entities';
import { errorAt } from './errors-at-places';
import type { Execution, PlanOptions, Step } from './plan';
import { compileRepresentation, type Represent } from './representations';
import { compileRewrites, renamedPath, type Rewrite } from './rewrites';
import type { Types } from './types';
import { entitiesIn, NO_ENTITIES, type SubgraphAnswer, type SubgraphCall, type SubgraphFault } from './subgraph-call';

/** Compiles one call of a subgraph, for root fields or for fields of the entities at `path`. */
export function compileFetch<Request>(
  node: FetchNode,
  path: ResponsePath,
  options: PlanOptions<Request>,
): Step<Request> {
  return node.requires ? compileEntityFetch(node, path, options) : compileRootFetch(node, path, options);
}

function compileRootFetch<Request>(node: FetchNode, path: ResponsePath, options: PlanOptions<Request>): Step<Request> {
  const prepare = compileCall<Request>(node);
  const receive = compileReceipt<Request>(node, path, options);
  return async (execution) => {
    const targets = entitiesAt(execution.data, path);
    if (targets.length === 0) return;
    receive(await options.callSubgraph(prepare(execution), execution.request), targets, execution);
  };
}

/** Puts the answer to root fields into `targets`, and its errors beside. */
function compileReceipt<Request>(node: FetchNode, path: ResponsePath, { types }: PlanOptions<Request>) {
  const rewrite = compileRewrites(node.outputRewrites, types);
  const start = path.filter((step) => step !== '@');
  return ({ data, errors }: SubgraphAnswer, targets: readonly Entity[], execution: Execution<Request>): void => {
    if (data) {
      rewrite?.(data);
      for (const target of targets) mergeInto(target, data);
    }
    report(execution, node, errors, (fault) => [[...start, ...fault]]);
  };
}

/** The root field of a subscription, ready to run: one call, and answers as they come. */
export interface EventFetch<Request> {
  readonly call: (execution: Execution<Request>) => SubgraphCall;
  readonly receive: (event: SubgraphAnswer, execution: Execution<Request>) => void;
}

/** Compiles the call with which the events of a subscription begin. */
export function compileEventFetch<Request>(node: FetchNode, options: PlanOptions<Request>): EventFetch<Request> {
  const prepare = compileCall<Request>(node);
  const receive = compileReceipt<Request>(node, [], options);
  return {
    call: (execution) => prepare(execution),
    receive: (event, execution) => receive(event, [execution.data], execution),
  };
}

function compileEntityFetch<Request>(
  node: FetchNode,
  path: ResponsePath,
  options: PlanOptions<Request>,
): Step<Request> {
  const { types, callSubgraph } = options;
  const represent = rewritten(
    compileRepresentation(node.requires ?? [], types),
    compileRewrites(node.inputRewrites, types),
  );
  const rewriteOutput = compileRewrites(node.outputRewrites, types);
  const prepare = compileCall<Request>(node);

  return async (execution) => {
    const entities = entitiesAt(execution.data, path);
    // Entities that are represented alike are asked for once.
    const asked = new Map<string, number[]>();
    entities.forEach((entity, position) => {
      const text = represent(entity);
      if (text === null) return;
      const known = asked.get(text);
      if (known) known.push(position);
      else asked.set(text, [position]);
    });
    if (asked.size === 0) return;

    const positionsOf = [...asked.values()];
    const texts = [...asked.keys()];
    const answer = await callSubgraph(prepare(execution, texts), execution.request);
    const found = entitiesIn(answer, texts.length);
    positionsOf.forEach((positions, index) => {
      const part = found?.[index];
      if (!isObject(part)) return;
      rewriteOutput?.(part);
      for (const position of positions) mergeEntity(entities[position] ?? {}, part, types);
    });
    const faults = found || answer.errors.length > 0 ? answer.errors : [NO_ENTITIES];
    if (faults.length === 0) return;
    const paths = pathsOfEntitiesAt(execution.data, path);
    report(execution, node, faults, ([, index, ...rest]) => {
      // One that names no entity is about all of them.
      const positions = typeof index === 'number' ? (positionsOf[index] ?? []) : [...entities.keys()];
      return positions.map((position) => [...(paths[position] ?? []), ...rest]);
    });
  };
}

/**
 * Adds fields of an entity. A subgraph that knows of its interface alone (`@interfaceObject`) has that for its type,
 * which says less than what is known.
 */
function mergeEntity(entity: Entity, part: Entity, types: Types): void {
  const known = entity.__typename;
  mergeInto(entity, part);
  if (known !== undefined && types.isOfType(known, String(entity.__typename))) entity.__typename = known;
}

/** Representations as the subgraph expects them: those of different types may be alike there. */
function rewritten(represent: Represent, rewrite: Rewrite | null): Represent {
  if (!rewrite) return represent;
  return (entity) => {
    const text = represent(entity);
    if (text === null) return null;
    const representation: unknown = JSON.parse(text);
    rewrite(representation);
    return JSON.stringify(representation);
  };
}

/** @param representations Each as JSON; none in a call of root fields. */
type Prepare<Request> = (execution: Execution<Request>, representations?: readonly string[]) => SubgraphCall;

/** Writes the request, of which only the variables change. */
function compileCall<Request>(node: FetchNode): Prepare<Request> {
  const { serviceName: subgraph, operation: query, operationName, variableUsages = [] } = node;
  const isMutation = node.operationKind === OperationTypeNode.MUTATION;
  const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
  const head = `{"query":${JSON.stringify(query)}${name},"variables":{`;
  const write = (variables: Execution<Request>['variables'], texts?: readonly string[]): string => {
    const parts: string[] = [];
    for (const variable of variableUsages) {
      const value = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
      if (value !== undefined) parts.push(`${JSON.stringify(variable)}:${JSON.stringify(value)}`);
    }
    if (texts) parts.push(`"representations":[${texts.join(',')}]`);
    return parts.join(',');
  };
  return ({ variables }, representations) => ({
    subgraph,
    query,
    isMutation,
    body: (texts = representations) => `${head}${write(variables, texts)}}}`,
    variables: () => write(variables),
    representations: representations ?? [],
  });
}

/** Notes errors at every place of the client's answer that `placesOf` says they are about. */
function report<Request>(
  { errors }: Execution<Request>,
  { outputRewrites }: FetchNode,
  faults: readonly SubgraphFault[],
  placesOf: (path: Path) => readonly Path[],
): void {
  for (const fault of faults) {
    for (const place of placesOf(renamedPath(fault.path, outputRewrites))) errors.push(errorAt(place, fault));
  }
}
