import { LRUCache } from 'lru-cache';
import type { Scope } from './cache-entry';

const REMEMBERED = 10_000;

const BOTH: ReadonlySet<Scope> = new Set(['PUBLIC', 'PRIVATE']);
const NONE: ReadonlySet<Scope> = new Set();

/**
 * Remembers what answers to a question could be kept for, so that nobody looks for what is never there. It only says
 * where to look: whether an answer may be kept, it says itself.
 */
export class ScopeMemory {
  private readonly scopes = new LRUCache<string, ReadonlySet<Scope>>({ max: REMEMBERED });

  /** Where an answer may be found; anywhere before the first is known. */
  scopesOf(question: string): ReadonlySet<Scope> {
    return this.scopes.get(question) ?? BOTH;
  }

  /** @param scope Of an answer without errors; null when it may not be kept. */
  learn(question: string, scope: Scope | null): void {
    const known = this.scopes.get(question) ?? NONE;
    if (scope === null) this.scopes.set(question, NONE);
    else if (!known.has(scope)) this.scopes.set(question, new Set([...known, scope]));
  }
}
