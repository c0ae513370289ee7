import { Binary } from 'bson';
import { toNumber } from '../bson/numbers';
import { type BsonDocument, isDocument, isNumber } from '../bson/values';
import { badValue, MongoError } from '../errors';
import type { Store } from '../storage/store';
import type { Transaction } from '../storage/transaction';
import type { ClientConnection, CommandReply } from './command';

/**
 * A transaction that its client has forgotten is aborted after this time, as in MongoDB. That of a client which is
 * gone is aborted at once: MongoDB waits there too, and development should not.
 */
const TRANSACTION_LIFETIME_MS = 60_000;
/** How many answers to retryable writes are remembered. */
const REMEMBERED_REPLIES = 5_000;

const TRANSIENT: BsonDocument = { errorLabels: ['TransientTransactionError'] };

interface SessionTransaction {
  readonly number: number;
  readonly transaction: Transaction;
  readonly timer: NodeJS.Timeout;
  /** By which its last command came. */
  connection: ClientConnection | undefined;
  stopWatching: () => void;
}

/** The transactions and retryable writes of all sessions. */
export class Sessions {
  private readonly transactions = new Map<string, SessionTransaction>();
  private readonly replies = new Map<string, CommandReply | Promise<CommandReply>>();

  constructor(private readonly store: Store) {}

  /**
   * The transaction that a command is part of, begun by the first of its commands; undefined outside of transactions.
   * @throws MongoError NoSuchTransaction when it has ended, TransactionTooOld when the session has begun another.
   */
  transactionOf(command: BsonDocument, connection: ClientConnection): Transaction | undefined {
    if (command.autocommit === undefined) return undefined;
    const id = sessionId(command);
    const number = transactionNumber(command);
    if (id === undefined || number === undefined) throw badValue('a transaction needs a session and a number');
    const current = this.transactions.get(id);
    if (current && current.number > number) {
      throw new MongoError(225, 'TransactionTooOld', `Cannot start transaction ${number} on a session that is further`);
    }
    const open = command.startTransaction === true ? this.begin(id, number) : current;
    if (open?.number !== number || open.transaction.state !== 'active') throw noSuchTransaction(number);
    this.watch(open, connection);
    return open.transaction;
  }

  /**
   * Commits; a repetition of a commit that has succeeded succeeds again.
   * @throws MongoError NoSuchTransaction when there is nothing to commit.
   */
  commit(command: BsonDocument): void {
    const ended = this.endable(command);
    if (ended.transaction.state === 'committed') return;
    if (ended.transaction.state === 'aborted') throw noSuchTransaction(ended.number);
    forget(ended);
    this.store.commit(ended.transaction);
  }

  /** @throws MongoError NoSuchTransaction when it has ended already. */
  abort(command: BsonDocument): void {
    const ended = this.endable(command);
    if (ended.transaction.state !== 'active') throw noSuchTransaction(ended.number);
    forget(ended);
    this.store.abort(ended.transaction);
  }

  /** Forgets sessions, and aborts what they have open. */
  end(ids: readonly string[]): void {
    for (const id of ids) {
      const current = this.transactions.get(id);
      if (!current) continue;
      forget(current);
      this.store.abort(current.transaction);
      this.transactions.delete(id);
    }
  }

  /** Forgets all sessions. */
  endAll(): void {
    this.end([...this.transactions.keys()]);
  }

  /** Executes a retryable write once: a repetition gets the same reply. Other commands are just executed. */
  once(
    command: BsonDocument,
    execute: () => CommandReply | Promise<CommandReply>,
  ): CommandReply | Promise<CommandReply> {
    const id = sessionId(command);
    const number = transactionNumber(command);
    if (id === undefined || number === undefined) return execute();
    const key = `${id}:${number}`;
    const remembered = this.replies.get(key);
    if (remembered !== undefined) return remembered;
    const reply = execute();
    this.replies.set(key, reply);
    if (reply instanceof Promise) reply.catch(() => this.replies.delete(key));
    const [oldest] = this.replies.keys();
    if (this.replies.size > REMEMBERED_REPLIES && oldest !== undefined) this.replies.delete(oldest);
    return reply;
  }

  /** Aborts the transaction when the connection by which its last command came closes. */
  private watch(open: SessionTransaction, connection: ClientConnection): void {
    if (open.connection === connection) return;
    open.stopWatching();
    open.connection = connection;
    open.stopWatching = connection.onClose(() => this.store.abort(open.transaction));
  }

  private begin(id: string, number: number): SessionTransaction {
    this.end([id]);
    const transaction = this.store.begin();
    const timer = setTimeout(() => this.store.abort(transaction), TRANSACTION_LIFETIME_MS);
    timer.unref();
    const begun: SessionTransaction = {
      number,
      transaction,
      timer,
      connection: undefined,
      stopWatching: () => undefined,
    };
    this.transactions.set(id, begun);
    return begun;
  }

  private endable(command: BsonDocument): SessionTransaction {
    const current = this.transactions.get(sessionId(command) ?? '');
    const number = transactionNumber(command) ?? NaN;
    if (current?.number !== number) throw noSuchTransaction(number);
    return current;
  }
}

/** Leaves nothing behind that would abort it later. */
function forget({ timer, stopWatching }: SessionTransaction): void {
  clearTimeout(timer);
  stopWatching();
}

/** The session that a command or a list of sessions names; undefined when it names none. */
export function sessionId({ lsid }: BsonDocument): string | undefined {
  const id = isDocument(lsid) ? lsid.id : undefined;
  return id instanceof Binary ? id.toString('hex') : undefined;
}

function transactionNumber({ txnNumber }: BsonDocument): number | undefined {
  return isNumber(txnNumber) ? toNumber(txnNumber) : undefined;
}

function noSuchTransaction(number: number): MongoError {
  const message = `Given transaction number ${number} does not match any in-progress transactions.`;
  return new MongoError(251, 'NoSuchTransaction', message, TRANSIENT);
}
