import { toNumber } from '../bson/numbers';
import { type BsonDocument, isDocument, isNumber, type MaybeValue } from '../bson/values';
import { failedToParse, locationError } from '../errors';

/**
 * The argument of a stage that takes an object.
 * @throws MongoError FailedToParse when it is none.
 */
export function documentArgument(stage: string, argument: MaybeValue): BsonDocument {
  if (isDocument(argument)) return argument;
  throw failedToParse(`the ${stage} stage specification must be an object`);
}

/**
 * A field of a stage's argument that has to be a string.
 * @throws MongoError FailedToParse when it is none.
 */
export function stringArgument(stage: string, name: string, value: MaybeValue): string {
  if (typeof value === 'string') return value;
  throw failedToParse(`${stage} argument '${name}' must be a string`);
}

/**
 * The argument of a stage that takes a whole number from `least` on.
 * @throws MongoError 15957 when it is none.
 */
export function countArgument(stage: string, argument: MaybeValue, least: number): number {
  const count = toNumber(argument);
  if (isNumber(argument) && Number.isInteger(count) && count >= least) return count;
  throw locationError(15957, `the argument to ${stage} must be a whole number, at least ${least}`);
}

/**
 * The stages of a pipeline within a stage.
 * @throws MongoError FailedToParse when it is no list of objects.
 */
export function pipelineArgument(stage: string, argument: MaybeValue): BsonDocument[] {
  if (argument === undefined) return [];
  if (!Array.isArray(argument) || !argument.every(isDocument)) {
    throw failedToParse(`${stage} pipeline must be a list of objects`);
  }
  return argument;
}
