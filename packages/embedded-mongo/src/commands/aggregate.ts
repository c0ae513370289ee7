import { isNumber } from '../bson/values';
import { aggregate } from './aggregation-run';
import { isChangeStream, openChangeStream } from './change-stream';
import type { CommandHandler, CommandTable } from './command';
import { openCursor } from './cursors';
import { explainCommand } from './explain';
import { checkFields, countField, documentListField, flagField, optionalDocumentField, stringField } from './fields';
import { DEFAULT_BATCH_SIZE } from './read-commands';

const AGGREGATE_FIELDS = new Set([
  'pipeline',
  'cursor',
  'collation',
  'hint',
  'allowDiskUse',
  'explain',
  'bypassDocumentValidation',
]);

const aggregateCommand: CommandHandler = (request) => {
  const { command, database, server } = request;
  checkFields(command, AGGREGATE_FIELDS);
  if (flagField(command, 'explain')) return explainCommand(request, command, 'queryPlanner');
  // The number 1 stands for the database as a whole.
  const name = isNumber(command.aggregate) ? undefined : stringField(command, 'aggregate');
  const stages = documentListField(command, 'pipeline');
  if (isChangeStream(stages)) return openChangeStream(request, name, stages);
  const documents = aggregate(request, { name, stages, collation: command.collation, hint: command.hint });
  const batchSize = countField(optionalDocumentField(command, 'cursor') ?? {}, 'batchSize');
  return openCursor(
    server.cursors,
    `${database}.${name ?? '$cmd.aggregate'}`,
    documents.map((document) => ({ document, raw: null })),
    { batchSize: batchSize ?? DEFAULT_BATCH_SIZE },
  );
};

/** Aggregation, change streams included. */
export const aggregateCommands: CommandTable = { aggregate: aggregateCommand };
