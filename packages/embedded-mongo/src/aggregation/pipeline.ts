import { type BsonDocument, isDocument, type MaybeValue } from '../bson/values';
import { failedToParse, locationError } from '../errors';
import { compileFilter } from '../query/matcher';
import { sorted, sortFields } from '../query/sort';
import { countArgument, documentArgument, pipelineArgument } from './arguments';
import { compileExpression } from './expression';
import { addFields, project, replaceWith, unset } from './field-stages';
import { group, sortByCount } from './group';
import { collectionsOf, graphLookup, lookup, unionWith } from './lookup';
import { runStageByMingo } from './mingo';
import type { PipelineEnvironment, Stage } from './stage';
import { unwind } from './unwind';

const match: Stage = (documents, argument, environment) => documents.filter(compileFilter(argument, environment));

const sort: Stage = (documents, argument, { collation }) =>
  sorted(documents, sortFields(documentArgument('$sort', argument)), (document) => document, collation);

const count: Stage = (documents, argument) => {
  if (typeof argument !== 'string' || argument === '') throw locationError(40156, 'the count field must be a string');
  return documents.length === 0 ? [] : [{ [argument]: documents.length }];
};

const sample: Stage = (documents, argument) => {
  const shuffled = documents.map((document) => ({ document, rank: Math.random() }));
  shuffled.sort((a, b) => a.rank - b.rank);
  const size = countArgument('$sample', documentArgument('$sample', argument).size, 0);
  return shuffled.slice(0, size).map(({ document }) => document);
};

const facet: Stage = (documents, argument, environment, run) => {
  const facets = Object.entries(documentArgument('$facet', argument));
  const results = facets.map(([name, stages]) => {
    return [name, run(documents, pipelineArgument('$facet', stages), environment)] as const;
  });
  return [Object.fromEntries(results)];
};

const literalDocuments: Stage = (_documents, argument, { variables }) => {
  const list = compileExpression(argument)({}, variables);
  if (!Array.isArray(list) || !list.every(isDocument)) throw failedToParse('$documents must be a list of objects');
  return list;
};

const write =
  (stage: '$out' | '$merge'): Stage =>
  (documents, argument, environment) => {
    collectionsOf(environment, stage).write(stage, argument, documents);
    return [];
  };

const byMingo =
  (name: string): Stage =>
  (documents, argument, { variables }) =>
    runStageByMingo({ [name]: argument }, documents, variables ?? {});

const STAGES: ReadonlyMap<string, Stage> = new Map<string, Stage>([
  ['$match', match],
  ['$sort', sort],
  ['$limit', (documents, argument) => documents.slice(0, countArgument('$limit', argument, 1))],
  ['$skip', (documents, argument) => documents.slice(countArgument('$skip', argument, 0))],
  ['$count', count],
  ['$group', group],
  ['$sortByCount', sortByCount],
  ['$project', project],
  ['$addFields', addFields],
  ['$set', addFields],
  ['$unset', unset],
  ['$replaceWith', replaceWith],
  [
    '$replaceRoot',
    (documents, argument, environment, run) =>
      replaceWith(documents, documentArgument('$replaceRoot', argument).newRoot, environment, run),
  ],
  ['$unwind', unwind],
  ['$sample', sample],
  ['$facet', facet],
  ['$lookup', lookup],
  ['$graphLookup', graphLookup],
  ['$unionWith', unionWith],
  ['$documents', literalDocuments],
  ['$out', write('$out')],
  ['$merge', write('$merge')],
  [
    '$indexStats',
    (_documents, _argument, environment) => collectionsOf(environment, '$indexStats').statistics('$indexStats'),
  ],
  [
    '$collStats',
    (_documents, _argument, environment) => collectionsOf(environment, '$collStats').statistics('$collStats'),
  ],
  ...['$bucket', '$bucketAuto', '$setWindowFields', '$fill', '$densify', '$redact'].map((name): [string, Stage] => [
    name,
    byMingo(name),
  ]),
]);

/**
 * Checks that every stage exists, before any of them runs.
 * @throws MongoError 40324 for an unknown stage, 40323 when a stage has not exactly one field.
 */
export function checkStages(stages: readonly MaybeValue[]): asserts stages is BsonDocument[] {
  for (const stage of stages) {
    const [name, ...others] = isDocument(stage) ? Object.keys(stage) : [];
    if (name === undefined || others.length > 0) {
      throw locationError(40323, 'A pipeline stage specification object must contain exactly one field.');
    }
    if (!STAGES.has(name)) throw locationError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
}

/**
 * Runs an aggregation pipeline over documents, which stay as they are.
 * @throws MongoError when a stage does not exist or does not take its argument.
 */
export function runPipeline(
  documents: readonly BsonDocument[],
  stages: readonly BsonDocument[],
  environment: PipelineEnvironment,
): BsonDocument[] {
  checkStages(stages);
  let current = [...documents];
  for (const specification of stages) {
    const [[name, argument] = ['', undefined]] = Object.entries(specification);
    const stage = STAGES.get(name);
    if (stage) current = stage(current, argument, environment, runPipeline);
  }
  return current;
}
