import { checkStages, runPipeline } from '../aggregation/pipeline';
import type { PipelineCollections, PipelineEnvironment } from '../aggregation/stage';
import { toNumber } from '../bson/numbers';
import { type BsonDocument, isDocument, isNumber, type MaybeValue } from '../bson/values';
import { namespaceNotFound } from '../errors';
import { collationOf } from '../query/collation';
import type { Collection } from '../storage/collection';
import { findDocuments, type FindQuery } from '../storage/find';
import type { CommandRequest } from './command';
import { collectionStatistics, indexStatistics } from './statistics';
import { mergeInto, namespaceOf, replaceCollection } from './write-stages';

/** An aggregation over a collection, or over nothing. */
export interface Aggregation {
  /** Undefined when the pipeline makes its documents itself. */
  readonly name: string | undefined;
  readonly stages: readonly BsonDocument[];
  readonly collation?: MaybeValue;
  readonly hint?: MaybeValue;
}

type Context = Pick<CommandRequest, 'database' | 'server' | 'transaction' | 'variables'>;

/** Stages that do not begin with the collection's documents. */
const SOURCES: ReadonlySet<string> = new Set(['$documents', '$indexStats', '$collStats']);

/**
 * Runs an aggregation. What the first stages filter, sort and limit is left to the indexes.
 * @throws MongoError when a stage does not exist or does not take its argument.
 */
export function aggregate(context: Context, aggregation: Aggregation): BsonDocument[] {
  checkStages(aggregation.stages);
  const { database, server, transaction, variables } = context;
  const { name, hint } = aggregation;
  const collection = name === undefined ? undefined : server.store.find(database, name);
  if (collection?.viewOn !== undefined) return aggregateView(context, collection, collection.viewOn, aggregation);
  const collation = aggregation.collation ?? collection?.options.collation;
  const environment: PipelineEnvironment = {
    variables,
    collation: collationOf(collation),
    textFields: collection?.textFields,
    collections: collectionsFor(context, name, collection),
  };
  const [firstStage = ''] = Object.keys(aggregation.stages[0] ?? {});
  if (name === undefined || SOURCES.has(firstStage)) return runPipeline([], aggregation.stages, environment);
  const { query, rest } = leadingQuery(aggregation.stages);
  const found = findDocuments(collection, { ...query, hint, collation, variables }, transaction);
  return runPipeline(
    found.map(({ document }) => document),
    rest,
    environment,
  );
}

/** What a find on a view gives: the view's pipeline, and then the query. */
export function findInView(context: Context, name: string, query: FindQuery): BsonDocument[] {
  const stages: BsonDocument[] = [{ $match: query.filter }];
  if (query.sort && Object.keys(query.sort).length > 0) stages.push({ $sort: query.sort });
  if (query.skip) stages.push({ $skip: query.skip });
  if (query.limit) stages.push({ $limit: query.limit });
  return aggregate(context, { name, stages, collation: query.collation });
}

/** The query that the first stages of a pipeline amount to, and the stages after them. */
export function leadingQuery(stages: readonly BsonDocument[]): { query: FindQuery; rest: readonly BsonDocument[] } {
  const rest = [...stages];
  let filter: BsonDocument = {};
  let sort: BsonDocument | undefined;
  let limit: number | undefined;
  if (isDocument(rest[0]?.$match)) {
    filter = rest[0].$match;
    rest.shift();
  }
  if (isDocument(rest[0]?.$sort) && !Object.hasOwn(rest[0].$sort, '$natural')) {
    sort = rest[0].$sort;
    rest.shift();
  }
  const stage = rest[0]?.$limit;
  if (isNumber(stage) && toNumber(stage) > 0) {
    limit = toNumber(stage);
    rest.shift();
  }
  return { query: { filter, sort, limit }, rest };
}

function aggregateView(context: Context, view: Collection, viewOn: string, aggregation: Aggregation): BsonDocument[] {
  const own = Array.isArray(view.options.pipeline) ? view.options.pipeline.filter(isDocument) : [];
  return aggregate(context, {
    name: viewOn,
    stages: [...own, ...aggregation.stages],
    collation: aggregation.collation ?? view.options.collation,
  });
}

function collectionsFor(context: Context, name: string | undefined, own: Collection | undefined): PipelineCollections {
  const { database, server } = context;
  return {
    find: (namespace, filter) => {
      const [otherDatabase, otherName] = namespaceOf(namespace, database);
      const other = server.store.find(otherDatabase, otherName);
      const otherContext = { ...context, database: otherDatabase };
      return other?.viewOn === undefined
        ? findDocuments(other, { filter }, context.transaction).map(({ document }) => document)
        : findInView(otherContext, otherName, { filter });
    },
    write: (stage, argument, documents) => {
      if (stage === '$out') replaceCollection(context, argument, documents);
      else mergeInto(context, argument, documents);
    },
    statistics: (stage) => {
      if (stage === '$indexStats') return own ? indexStatistics(own, server) : [];
      if (!own) throw namespaceNotFound(`Collection [${database}.${name ?? ''}] not found.`);
      return [collectionStatistics(own, server)];
    },
  };
}
