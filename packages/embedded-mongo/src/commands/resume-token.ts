import { type BsonDocument, isDocument, type MaybeValue } from '../bson/values';
import { MongoError } from '../errors';
import type { ChangeFeed } from '../storage/change-feed';

const TOKEN = /^82([0-9a-f]{8})([0-9a-f]{12})$/;

/** What a client shows to go on after an event. Good for as long as this server runs. */
export function resumeToken({ epoch }: ChangeFeed, sequence: number): BsonDocument {
  return { _data: `82${epoch.toString(16).padStart(8, '0')}${sequence.toString(16).padStart(12, '0')}` };
}

/**
 * The event after which a client wants to go on.
 * @throws MongoError InvalidResumeToken for what is none, ChangeStreamHistoryLost for one of an earlier server.
 */
export function sequenceOf({ epoch }: ChangeFeed, token: MaybeValue): number {
  const data = isDocument(token) && typeof token._data === 'string' ? token._data : '';
  const [, tokenEpoch, sequence] = TOKEN.exec(data) ?? [];
  if (tokenEpoch === undefined || sequence === undefined) {
    throw new MongoError(260, 'InvalidResumeToken', 'Bad resume token: _data of missing or of wrong type');
  }
  if (parseInt(tokenEpoch, 16) === epoch) return parseInt(sequence, 16);
  throw new MongoError(286, 'ChangeStreamHistoryLost', 'Resume of change stream was not possible');
}
