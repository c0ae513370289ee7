import type { BsonDocument } from '../bson/values';
import { failedToParse, MongoError } from '../errors';
import { compileProjection } from '../query/projection';
import { collationOf } from '../query/collation';
import type { CommandHandler, CommandRequest, CommandTable } from './command';
import {
  checkFields,
  collectionField,
  documentField,
  documentListField,
  flagField,
  numberField,
  optionalDocumentField,
} from './fields';
import { onceUnlocked } from './waiting';
import { insertDocument, runDelete, runUpdate, type UpdateOutcome, type WriteTarget } from './write-statements';

const MAX_STATEMENTS = 100_000;
const BATCH_FIELDS = new Set(['documents', 'updates', 'deletes', 'ordered', 'bypassDocumentValidation']);
const FIND_AND_MODIFY_FIELDS = new Set([
  'query',
  'sort',
  'remove',
  'update',
  'new',
  'fields',
  'upsert',
  'bypassDocumentValidation',
  'collation',
  'arrayFilters',
  'hint',
]);

const insert: CommandHandler = async (request) => {
  const target = writeTarget(request);
  let inserted = 0;
  const writeErrors = await forEachStatement(request, 'documents', (document) => {
    insertDocument(target, document);
    inserted++;
  });
  return { n: inserted, ...writeErrors };
};

const update: CommandHandler = async (request) => {
  const target = writeTarget(request);
  const upserted: BsonDocument[] = [];
  let matched = 0;
  let modified = 0;
  const writeErrors = await forEachStatement(request, 'updates', (statement, index) => {
    const outcome = runUpdate(target, statement);
    matched += outcome.matched;
    modified += outcome.modified;
    if (outcome.upsertedId !== undefined) upserted.push({ index, _id: outcome.upsertedId });
  });
  return {
    n: matched + upserted.length,
    nModified: modified,
    ...(upserted.length > 0 ? { upserted } : {}),
    ...writeErrors,
  };
};

const remove: CommandHandler = async (request) => {
  const target = writeTarget(request);
  let deleted = 0;
  const writeErrors = await forEachStatement(request, 'deletes', (statement) => {
    deleted += runDelete(target, statement, numberField(statement, 'limit') ?? 0).length;
  });
  return { n: deleted, ...writeErrors };
};

const findAndModify: CommandHandler = async (request) => {
  const { command } = request;
  checkFields(command, FIND_AND_MODIFY_FIELDS);
  const target = writeTarget(request);
  const query = documentField(command, 'query');
  const project = projectionFor(request, query);
  const run = (): BsonDocument => {
    if (flagField(command, 'remove')) {
      const [found] = runDelete(target, { ...command, q: query }, 1);
      return { lastErrorObject: { n: found ? 1 : 0 }, value: project(found?.document ?? null) };
    }
    if (command.update === undefined) throw failedToParse('Either an update or remove=true must be specified');
    const { update: u, upsert, sort, arrayFilters, collation, hint } = command;
    return modifyReply(
      runUpdate(target, { q: query, u, upsert, sort, arrayFilters, collation, hint }),
      flagField(command, 'new'),
      project,
    );
  };
  return onceUnlocked(run, numberField(command, 'maxTimeMS'));
};

/** The commands that write documents. */
export const writeCommands: CommandTable = {
  insert,
  update,
  delete: remove,
  findAndModify,
  findandmodify: findAndModify,
};

function writeTarget({ command, database, server, transaction, variables }: CommandRequest): WriteTarget {
  const name = collectionField(command);
  if (server.store.find(database, name)?.viewOn !== undefined) {
    throw new MongoError(166, 'CommandNotSupportedOnView', `Namespace ${database}.${name} is a view, not a collection`);
  }
  const bypassesValidation = flagField(command, 'bypassDocumentValidation');
  return { store: server.store, database, name, transaction, variables, bypassesValidation };
}

/** Runs the statements in order and collects what is refused; an ordered command ends there. */
async function forEachStatement(
  { command, transaction }: CommandRequest,
  field: string,
  run: (statement: BsonDocument, index: number) => void,
): Promise<{ writeErrors?: BsonDocument[] }> {
  checkFields(command, BATCH_FIELDS);
  const statements = documentListField(command, field);
  if (statements.length === 0 || statements.length > MAX_STATEMENTS) {
    throw new MongoError(16, 'InvalidLength', `Write batch sizes must be between 1 and ${MAX_STATEMENTS}.`);
  }
  const maxTimeMs = numberField(command, 'maxTimeMS');
  const writeErrors: BsonDocument[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      await onceUnlocked(() => run(statement, index), maxTimeMs);
    } catch (error) {
      if (!(error instanceof MongoError) || (transaction && error.code === 112)) throw error;
      writeErrors.push(writeError(index, error));
      if (flagField(command, 'ordered', true)) break;
    }
  }
  return writeErrors.length > 0 ? { writeErrors } : {};
}

function writeError(index: number, { code, message, details }: MongoError): BsonDocument {
  return { index, code, errmsg: message, ...details };
}

type Project = (document: BsonDocument | null) => BsonDocument | null;

function projectionFor({ command, variables }: CommandRequest, query: BsonDocument): Project {
  const fields = optionalDocumentField(command, 'fields') ?? {};
  if (Object.keys(fields).length === 0) return (document) => document;
  const project = compileProjection(fields, query, { collation: collationOf(command.collation), variables });
  return (document) => document && project(document);
}

function modifyReply(
  { matched, upsertedId, before, after }: UpdateOutcome,
  isNew: boolean,
  project: Project,
): BsonDocument {
  const lastErrorObject = {
    n: upsertedId === undefined ? matched : 1,
    updatedExisting: matched > 0,
    ...(upsertedId === undefined ? {} : { upserted: upsertedId }),
  };
  return { lastErrorObject, value: project(isNew ? after : before) };
}
