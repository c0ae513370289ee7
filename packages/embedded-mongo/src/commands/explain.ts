import { type BsonDocument, isDocument, type MaybeValue } from '../bson/values';
import { badValue } from '../errors';
import { type FindQuery, type FindReport, runFind } from '../storage/find';
import type { QueryPlan } from '../storage/planner';
import { leadingQuery } from './aggregation-run';
import type { CommandHandler, CommandRequest, CommandTable } from './command';
import { collectionField, documentListField, optionalDocumentField } from './fields';
import { readQuery } from './read-query';
import { SERVER_VERSION } from './server-state';

const explain: CommandHandler = (request) => {
  const explained = optionalDocumentField(request.command, 'explain') ?? {};
  return explainCommand(request, explained, request.command.verbosity ?? 'allPlansExecution');
};

/** Tells how a query is run. */
export const explainCommands: CommandTable = { explain };

/**
 * Runs the query of `explained` and tells how its documents were found.
 * @throws MongoError BadValue for a command that has no query.
 */
export function explainCommand(
  { database, server, variables }: CommandRequest,
  explained: BsonDocument,
  verbosity: MaybeValue,
): BsonDocument {
  const name = collectionField(explained);
  const query = queryOf(explained, variables);
  const startedAt = Date.now();
  const report = runFind(server.store.find(database, name), query);
  const winningPlan = stageOf(report, query);
  const executionStats = {
    executionSuccess: true,
    nReturned: report.found.length,
    executionTimeMillis: Date.now() - startedAt,
    totalKeysExamined: report.keysExamined,
    totalDocsExamined: report.documentsExamined,
    executionStages: { ...winningPlan, nReturned: report.found.length, docsExamined: report.documentsExamined },
  };
  const [host = '', port = ''] = server.address.split(':');
  return {
    explainVersion: '1',
    queryPlanner: { namespace: `${database}.${name}`, parsedQuery: query.filter, winningPlan, rejectedPlans: [] },
    ...(verbosity === 'queryPlanner' ? {} : { executionStats }),
    command: explained,
    serverInfo: { host, port: Number(port), version: SERVER_VERSION },
  };
}

function queryOf(command: BsonDocument, variables: CommandRequest['variables']): FindQuery {
  const [name = ''] = Object.keys(command);
  switch (name) {
    case 'find':
      return readQuery(command, variables, 'filter');
    case 'count':
    case 'distinct':
    case 'findAndModify':
      return readQuery(command, variables, 'query');
    case 'aggregate':
      return leadingQuery(documentListField(command, 'pipeline')).query;
    case 'update':
    case 'delete': {
      const [statement = {}] = documentListField(command, `${name}s`);
      return { filter: isDocument(statement.q) ? statement.q : {}, hint: statement.hint };
    }
    default:
      throw badValue(`the command '${name}' cannot be explained`);
  }
}

function stageOf({ plan, isSorted }: FindReport, { filter, sort }: FindQuery): BsonDocument {
  const access = accessStage(plan, filter);
  return isSorted ? { stage: 'SORT', sortPattern: sort, inputStage: access } : access;
}

function accessStage(plan: QueryPlan, filter: BsonDocument): BsonDocument {
  if (!plan) return { stage: 'COLLSCAN', filter, direction: 'forward' };
  if (plan.kind === 'id') return { stage: 'IDHACK' };
  const { index, sortDirection } = plan;
  return {
    stage: 'FETCH',
    inputStage: {
      stage: 'IXSCAN',
      keyPattern: index.key,
      indexName: index.name,
      isMultiKey: index.isMultikey,
      isUnique: index.isUnique,
      isSparse: index.isSparse,
      isPartial: index.partialFilter !== undefined,
      direction: sortDirection === -1 ? 'backward' : 'forward',
    },
  };
}
