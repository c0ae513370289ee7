import type { Answer, Message } from './transport';

/** Sends one request; `hashOnly` tells that it holds no query, so that a cache on the way may answer it. */
type Send = (message: Message, hashOnly: boolean) => Promise<Answer>;

/**
 * Asks by the hash of the query first, and with the whole query only where the shop does not know the hash yet:
 * automatic persisted queries, as Apollo's clients speak them.
 */
export async function sendPersisted(message: Message, hash: string, send: Send): Promise<Answer> {
  const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
  const { query: _query, ...hashOnly } = message;
  const answer = await send({ ...hashOnly, extensions }, true);
  const isUnknown = answer.errors.some(({ extensions }) => extensions?.code === 'PERSISTED_QUERY_NOT_FOUND');
  return isUnknown ? send({ ...message, extensions }, false) : answer;
}
