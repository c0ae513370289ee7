import { Aggregator } from 'mingo';
import { Context, evalExpr, ProcessingMode } from 'mingo/core';
import * as accumulatorOperators from 'mingo/operators/accumulator';
import * as expressionOperators from 'mingo/operators/expression';
import * as pipelineOperators from 'mingo/operators/pipeline';
import * as projectionOperators from 'mingo/operators/projection';
import * as windowOperators from 'mingo/operators/window';
import { type BsonDocument, isDocument, type MaybeValue } from '../bson/values';
import { badValue, MongoError } from '../errors';
import { OWN_OPERATORS } from './expression-operators';
import { promoted } from './promote';

type MingoExpressions = Parameters<Context['addExpressionOps']>[0];

const ownOperators: MingoExpressions = Object.fromEntries(
  Object.entries(OWN_OPERATORS).map(([name, evaluate]) => [
    name,
    (document: unknown, operands: unknown, options: Parameters<typeof evalExpr>[2]) => {
      const list = Array.isArray(operands) ? operands : [operands];
      return evaluate(list.map((operand) => evalExpr(document, operand, options) as MaybeValue));
    },
  ]),
);

const context = Context.init()
  .addExpressionOps(ownOperators)
  .addExpressionOps(expressionOperators)
  .addAccumulatorOps(accumulatorOperators)
  .addPipelineOps(pipelineOperators)
  .addProjectionOps(projectionOperators)
  .addWindowOps(windowOperators);

/** JavaScript from a client is never run; of the others mingo makes something else. */
const REFUSED: ReadonlySet<string> = new Set(['$function', '$accumulator', '$where', '$top', '$bottom']);
const KNOWN: ReadonlySet<string> = new Set(
  [...Object.keys(OWN_OPERATORS), ...Object.keys(expressionOperators), ...Object.keys(accumulatorOperators)].filter(
    (name) => !REFUSED.has(name),
  ),
);

/** Whether an expression may use `operator`. */
export const isKnownOperator = (operator: string): boolean => KNOWN.has(operator);

const optionsWith = (variables: Readonly<Record<string, MaybeValue>>) => ({
  idKey: '_id',
  context,
  variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, promoted(value)])),
  now: new Date(),
  processingMode: ProcessingMode.CLONE_OFF,
  useStrictMode: true,
  // Some stages of mingo are made of functions of its own; those of clients are refused before.
  scriptEnabled: true,
  failOnError: true,
});

/**
 * Evaluates an expression whose document and literals are promoted.
 * @throws MongoError BadValue when an operator does not take its operands.
 */
export function evaluateByMingo(
  expression: unknown,
  document: unknown,
  variables: Readonly<Record<string, MaybeValue>>,
): MaybeValue {
  return explained(() => evalExpr(document, expression, optionsWith(variables)) as MaybeValue);
}

/**
 * Runs one whole stage, for the few that are not written here. Its results are promoted.
 * @throws MongoError BadValue when the stage does not take its argument.
 */
export function runStageByMingo(
  stage: BsonDocument,
  documents: readonly BsonDocument[],
  variables: Readonly<Record<string, MaybeValue>>,
): BsonDocument[] {
  refuseScripts(stage);
  const input = documents.map((document) => promoted(document) as BsonDocument);
  return explained(() =>
    new Aggregator([promoted(stage) as BsonDocument], optionsWith(variables)).run<BsonDocument>(input),
  );
}

function refuseScripts(value: MaybeValue): void {
  if (Array.isArray(value)) value.forEach(refuseScripts);
  if (!isDocument(value)) return;
  for (const [field, nested] of Object.entries(value)) {
    if (REFUSED.has(field)) throw new MongoError(168, 'InvalidPipelineOperator', `${field} is not supported`);
    refuseScripts(nested);
  }
}

function explained<Result>(evaluate: () => Result): Result {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof MongoError) throw error;
    throw badValue(error instanceof Error ? error.message : 'the expression cannot be evaluated');
  }
}
