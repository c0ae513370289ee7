import { encodeKey } from '../bson/key';
import { type BsonDocument, isDocument, type MaybeValue, setField } from '../bson/values';
import { locationError, MongoError } from '../errors';
import { sorted } from '../query/sort';
import { ACCUMULATORS, type Accumulator } from './accumulators';
import { documentArgument } from './arguments';
import { compileExpression, type Evaluate } from './expression';
import { isKnownOperator, runStageByMingo } from './mingo';
import type { Stage } from './stage';

interface Output {
  readonly field: string;
  readonly create: (() => Accumulator) | undefined;
  readonly evaluate: Evaluate;
}

interface Group {
  readonly id: MaybeValue;
  readonly accumulators: readonly Accumulator[];
}

/** `$group`. Accumulators that are not written here leave the whole stage to mingo. */
export const group: Stage = (documents, argument, environment) => {
  const specification = documentArgument('$group', argument);
  if (!Object.hasOwn(specification, '_id')) throw locationError(15955, 'a group specification must include an _id');
  const { _id, ...fields } = specification;
  const outputs = Object.entries(fields).map(([field, accumulator]) => parseOutput(field, accumulator));
  const { variables } = environment;
  if (outputs.some(({ create }) => create === undefined)) {
    return runStageByMingo({ $group: specification }, documents, variables ?? {});
  }
  const groups = new Map<string, Group>();
  const identify = compileExpression(_id);
  for (const document of documents) {
    const id = identify(document, variables) ?? null;
    const key = encodeKey(id);
    let found = groups.get(key);
    if (!found) groups.set(key, (found = { id, accumulators: outputs.flatMap(({ create }) => create?.() ?? []) }));
    for (const [index, { evaluate }] of outputs.entries()) {
      found.accumulators[index]?.add(evaluate(document, variables));
    }
  }
  return [...groups.values()].map(({ id, accumulators }) => {
    const result: BsonDocument = { _id: id };
    for (const [index, { field }] of outputs.entries()) setField(result, field, accumulators[index]?.result());
    return result;
  });
};

/** `$sortByCount`: the values of an expression with how often each occurs, most frequent first. */
export const sortByCount: Stage = (documents, argument, environment, run) => {
  const counted = group(documents, { _id: argument, count: { $sum: 1 } }, environment, run);
  return sorted(counted, [{ path: 'count', direction: -1 }], (document) => document);
};

function parseOutput(field: string, accumulator: MaybeValue): Output {
  const [operator, ...others] = isDocument(accumulator) ? Object.keys(accumulator) : [];
  if (!isDocument(accumulator) || operator === undefined || others.length > 0) {
    throw locationError(40234, `The field '${field}' must be an accumulator object`);
  }
  if (!isKnownOperator(operator)) throw new MongoError(15952, 'Location15952', `unknown group operator '${operator}'`);
  const create = ACCUMULATORS.get(operator);
  const evaluate = create && operator !== '$count' ? compileExpression(accumulator[operator]) : () => undefined;
  return { field, create, evaluate };
}
