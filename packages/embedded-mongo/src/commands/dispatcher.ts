import { Binary, Long, Timestamp } from 'bson';
import { compileExpression, type Variables } from '../aggregation/expression';
import { type BsonDocument, type MaybeValue } from '../bson/values';
import { MongoError, writeConflict } from '../errors';
import { LockedByTransaction } from '../storage/transaction';
import type { ChangeFeed } from '../storage/change-feed';
import { type EncodedFields, encodeFields, joinFields } from '../wire/reply';
import { aggregateCommands } from './aggregate';
import { collectionCommands } from './collections';
import type { ClientConnection, CommandHandler, CommandReply, CommandRequest } from './command';
import { diagnosticCommands } from './diagnostics';
import { explainCommands } from './explain';
import { documentField, stringField } from './fields';
import { handshakeCommands } from './handshake';
import { indexCommands } from './indexes';
import { readCommands } from './read-commands';
import type { ServerState } from './server-state';
import { sessionCommands } from './session-commands';
import { writeCommands } from './write-commands';

const HANDLERS: ReadonlyMap<string, CommandHandler> = new Map(
  Object.entries({
    ...handshakeCommands,
    ...readCommands,
    ...writeCommands,
    ...aggregateCommands,
    ...explainCommands,
    ...collectionCommands,
    ...indexCommands,
    ...sessionCommands,
    ...diagnosticCommands,
  }),
);

/** What may be part of a transaction. */
const TRANSACTIONAL: ReadonlySet<string> = new Set([
  'find',
  'getMore',
  'killCursors',
  'aggregate',
  'distinct',
  'insert',
  'update',
  'delete',
  'findAndModify',
  'findandmodify',
  'create',
  'createIndexes',
]);
const ENDINGS: ReadonlySet<string> = new Set(['commitTransaction', 'abortTransaction']);

/** Codes after which a whole transaction may be tried again. */
const TRANSIENT_CODES: ReadonlySet<number> = new Set([24, 112, 251]);

/** Executes commands, each within its session, and makes replies of what comes of it. */
export class Dispatcher {
  private replyTail: { sequence: number; fields: EncodedFields } | undefined;

  constructor(private readonly server: ServerState) {}

  /** The reply to a command, in bytes. Never fails: failures are replies too. */
  async replyTo(command: BsonDocument, connection: ClientConnection): Promise<Buffer> {
    try {
      const reply = await this.execute(command, connection);
      const fields = Buffer.isBuffer(reply) ? reply : encodeFields(reply);
      this.server.store.flush();
      return joinFields(fields, this.tail(this.server.store.changes));
    } catch (error) {
      // A command that has failed may have written something before.
      this.server.store.flush();
      return joinFields(encodeFields(errorReply(error, command)));
    }
  }

  private execute(command: BsonDocument, connection: ClientConnection): CommandReply | Promise<CommandReply> {
    const [name = ''] = Object.keys(command);
    const handler = HANDLERS.get(name);
    if (!handler) throw new MongoError(59, 'CommandNotFound', `no such command: '${name}'`);
    const { server } = this;
    server.commandCounts.set(name, (server.commandCounts.get(name) ?? 0) + 1);
    const request = {
      command,
      connection,
      server,
      database: stringField(command, '$db'),
      variables: variablesOf(command),
    };
    const executeAlone = (): CommandReply | Promise<CommandReply> => handler({ ...request, transaction: undefined });
    if (ENDINGS.has(name)) return executeAlone();
    if (command.autocommit === undefined) return server.sessions.once(command, executeAlone);
    return this.executeInTransaction(name, handler, request);
  }

  /** A transaction in which something fails is over. */
  private async executeInTransaction(
    name: string,
    handler: CommandHandler,
    request: Omit<CommandRequest, 'transaction'>,
  ): Promise<CommandReply> {
    const { store, sessions } = this.server;
    const transaction = sessions.transactionOf(request.command, request.connection);
    try {
      if (!TRANSACTIONAL.has(name)) {
        throw new MongoError(
          263,
          'OperationNotSupportedInTransaction',
          `Cannot run '${name}' in a multi-document transaction.`,
        );
      }
      const reply = await handler({ ...request, transaction });
      if (transaction && !Buffer.isBuffer(reply) && reply.writeErrors !== undefined) store.abort(transaction);
      return reply;
    } catch (error) {
      if (transaction) store.abort(transaction);
      throw error;
    }
  }

  /** What every reply ends with; the same until something changes. */
  private tail({ epoch, lastSequence: sequence }: ChangeFeed): EncodedFields {
    if (this.replyTail?.sequence !== sequence) {
      const operationTime = new Timestamp({ t: epoch, i: sequence });
      const signature = { hash: new Binary(Buffer.alloc(20)), keyId: Long.ZERO };
      const fields = encodeFields({ ok: 1, operationTime, $clusterTime: { clusterTime: operationTime, signature } });
      this.replyTail = { sequence, fields };
    }
    return this.replyTail.fields;
  }
}

function variablesOf(command: BsonDocument): Variables | undefined {
  if (command.let === undefined) return undefined;
  const variables: Record<string, MaybeValue> = {};
  for (const [name, expression] of Object.entries(documentField(command, 'let'))) {
    variables[name] = compileExpression(expression)({}) ?? null;
  }
  return variables;
}

function errorReply(error: unknown, { autocommit }: BsonDocument): BsonDocument {
  const { code, codeName, message, details } = error instanceof MongoError ? error : otherError(error);
  const isTransient = autocommit !== undefined && TRANSIENT_CODES.has(code);
  const errorLabels = isTransient ? { errorLabels: ['TransientTransactionError'] } : {};
  return { ok: 0, errmsg: message, code, codeName, ...details, ...errorLabels };
}

function otherError(error: unknown): MongoError {
  // Where waiting could repeat what has been written, as in $merge, the client has to try again.
  if (error instanceof LockedByTransaction) return writeConflict();
  return new MongoError(1, 'InternalError', error instanceof Error ? (error.stack ?? error.message) : 'unknown error');
}
