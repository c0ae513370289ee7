import { hash } from 'node:crypto';
import type { Audience } from './audience';
import type { Scope } from './cache-entry';

/** Where the answer to one question may be kept; null where it is not looked for. */
export type CacheKeys = Readonly<Record<Scope, string | null>>;

/** Where nothing is kept. */
export const NO_KEYS: CacheKeys = { PUBLIC: null, PRIVATE: null };

/** The keys of what `question` names wholly, for those who may see it. */
export function keysOf(question: string, audience: Audience, scopes: ReadonlySet<Scope>): CacheKeys {
  const { everybody, viewer } = audience;
  return {
    PUBLIC: scopes.has('PUBLIC') ? keyOf(everybody, question) : null,
    PRIVATE: scopes.has('PRIVATE') && viewer !== null ? keyOf(viewer, question) : null,
  };
}

/** Those that there are; a viewer's own first. */
export function keyList({ PUBLIC, PRIVATE }: CacheKeys): string[] {
  return [PRIVATE, PUBLIC].filter((key) => key !== null);
}

/** A digest for keys and comparisons: nobody can find two texts with the same one. */
export function digestOf(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** What tells questions apart; null where it is nested too deeply to be written, which others have to report. */
export function writtenIfPossible(write: () => string): string | null {
  try {
    return write();
  } catch {
    return null;
  }
}

/** Under what the entry of a key is in Redis. Not made before it is needed: that takes longer than finding a copy. */
export function entryKey(key: string): string {
  return `cache:${digestOf(key)}`;
}

function keyOf(audience: string, question: string): string {
  return `${audience}\n${question}`;
}
