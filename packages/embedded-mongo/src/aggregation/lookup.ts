import { Long } from 'bson';
import { encodeKey } from '../bson/key';
import { toNumber } from '../bson/numbers';
import { valuesAt, withValueAt } from '../bson/path';
import { type BsonDocument, type BsonValue, isDocument, type MaybeValue } from '../bson/values';
import { failedToParse, locationError } from '../errors';
import { documentArgument, pipelineArgument, stringArgument } from './arguments';
import { compileExpression, type Variables } from './expression';
import type { PipelineCollections, PipelineEnvironment, Stage } from './stage';

/** `$lookup`: by equality of two fields, by a pipeline, or both. */
export const lookup: Stage = (documents, argument, environment, run) => {
  const { as, from, localField, foreignField, pipeline, ...rest } = documentArgument('$lookup', argument);
  const target = stringArgument('$lookup', 'as', as).split('.');
  const collections = collectionsOf(environment, '$lookup');
  const stages = pipelineArgument('$lookup', pipeline);
  const lets = Object.entries(isDocument(rest.let) ? rest.let : {}).map(
    ([name, expression]) => [name, compileExpression(expression)] as const,
  );
  if ((localField === undefined) !== (foreignField === undefined)) {
    throw failedToParse('$lookup requires both or neither of "localField" and "foreignField" to be specified');
  }
  const localParts = localField === undefined ? [] : stringArgument('$lookup', 'localField', localField).split('.');
  return documents.map((document) => {
    const filter =
      typeof foreignField === 'string' ? equalityFilter(foreignField, localValues(document, localParts)) : {};
    const found = collections.find(from, filter);
    if (stages.length === 0) return withValueAt(document, target, found);
    const variables: Variables = {
      ...environment.variables,
      ...Object.fromEntries(
        lets.map(([name, evaluate]) => [name, evaluate(document, environment.variables) ?? null] as const),
      ),
    };
    return withValueAt(document, target, run(found, stages, { ...environment, variables }));
  });
};

/** `$graphLookup`: follows references from document to document. */
export const graphLookup: Stage = (documents, argument, environment) => {
  const specification = documentArgument('$graphLookup', argument);
  const { from, restrictSearchWithMatch, depthField, maxDepth } = specification;
  const target = stringArgument('$graphLookup', 'as', specification.as).split('.');
  const connectTo = stringArgument('$graphLookup', 'connectToField', specification.connectToField);
  const connectFrom = stringArgument('$graphLookup', 'connectFromField', specification.connectFromField).split('.');
  const start = compileExpression(specification.startWith);
  const deepest = maxDepth === undefined ? Infinity : toNumber(maxDepth);
  const collections = collectionsOf(environment, '$graphLookup');

  return documents.map((document) => {
    const found = new Map<string, BsonDocument>();
    let frontier = elementsOf(start(document, environment.variables));
    for (let depth = 0; frontier.length > 0 && depth <= deepest; depth++) {
      const reached = collections.find(from, {
        $and: [equalityFilter(connectTo, frontier), isDocument(restrictSearchWithMatch) ? restrictSearchWithMatch : {}],
      });
      const fresh = reached.filter(({ _id }) => !found.has(encodeKey(_id)));
      for (const next of fresh) {
        const extra = typeof depthField === 'string' ? { [depthField]: Long.fromNumber(depth) } : {};
        found.set(encodeKey(next._id), { ...next, ...extra });
      }
      frontier = fresh.flatMap((next) => valuesAt(next, connectFrom).flatMap(elementsOf));
    }
    return withValueAt(document, target, [...found.values()]);
  });
};

/** `$unionWith`: the documents of another collection after those at hand. */
export const unionWith: Stage = (documents, argument, environment, run) => {
  const { coll, pipeline }: BsonDocument = isDocument(argument) ? argument : { coll: argument };
  const found = collectionsOf(environment, '$unionWith').find(coll, {});
  return [...documents, ...run(found, pipelineArgument('$unionWith', pipeline), environment)];
};

/**
 * The collections that the pipeline may reach.
 * @throws MongoError 51047 when it may reach none, as in an update.
 */
export function collectionsOf({ collections }: PipelineEnvironment, stage: string): PipelineCollections {
  if (collections) return collections;
  throw locationError(51047, `${stage} is not allowed within this pipeline`);
}

function localValues(document: BsonDocument, parts: readonly string[]): BsonValue[] {
  const values = valuesAt(document, parts).flatMap(elementsOf);
  return values.length === 0 ? [null] : values;
}

function elementsOf(value: MaybeValue): BsonValue[] {
  return Array.isArray(value) ? value : [value ?? null];
}

function equalityFilter(field: string, values: BsonValue[]): BsonDocument {
  return { [field]: values.length === 1 ? { $eq: values[0] } : { $in: values } };
}
