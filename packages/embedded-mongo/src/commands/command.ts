import type { Variables } from '../aggregation/expression';
import type { BsonDocument } from '../bson/values';
import type { Transaction } from '../storage/transaction';
import type { EncodedFields } from '../wire/reply';
import type { ServerState } from './server-state';

/** One client's connection, as far as commands care. */
export interface ClientConnection {
  readonly id: number;
  /** host:port of the server, as this client reaches it. */
  readonly serverAddress: string;
  /** Whether the client is gone. */
  readonly isClosed: boolean;
  /** Calls `listener` when the client is gone, until the returned function is called. */
  onClose(listener: () => void): () => void;
}

/** A command on its way to the handler. */
export interface CommandRequest {
  readonly command: BsonDocument;
  readonly database: string;
  readonly server: ServerState;
  readonly connection: ClientConnection;
  /** The transaction that the command is part of. */
  readonly transaction: Transaction | undefined;
  /** What `let` defines. */
  readonly variables: Variables | undefined;
}

/** The fields of a successful reply, as a document or already in bytes. */
export type CommandReply = BsonDocument | EncodedFields;

/** Does what a command asks for. Failures are thrown as MongoError. */
export type CommandHandler = (request: CommandRequest) => CommandReply | Promise<CommandReply>;

/** Handlers by the name of their command. */
export type CommandTable = Readonly<Record<string, CommandHandler>>;
