import {
  entitiesIn,
  NO_ENTITIES,
  type SubgraphAnswer,
  type SubgraphCall,
  type SubgraphFault,
} from '../executor/subgraph-call';

/** The same call for the entities at some places only, from 0. */
export function callFor(call: SubgraphCall, places: readonly number[]): SubgraphCall {
  if (places.length === call.representations.length) return call;
  const representations = places.map((place) => call.representations[place] ?? '{}');
  return { ...call, representations, body: (some = representations) => call.body(some) };
}

/** Errors of a partial call as if it had been the whole: what names no entity is about each that was asked for. */
export function faultsOf(answer: SubgraphAnswer, places: readonly number[]): SubgraphFault[] {
  const isWhole = answer.errors.length > 0 || entitiesIn(answer, places.length) !== null;
  return (isWhole ? answer.errors : [NO_ENTITIES]).flatMap((fault) => {
    const [, index, ...rest] = fault.path;
    const place = typeof index === 'number' ? places[index] : undefined;
    if (place !== undefined) return [{ ...fault, path: ['_entities', place, ...rest] }];
    return places.map((each) => ({ ...fault, path: ['_entities', each] }));
  });
}
