import type { CachePolicy } from './answer-headers';
import { ageOf, type CacheEntry, remainingOf } from './cache-entry';

/** What is known of an answer beside its policy. */
interface AnswerParts {
  /** What it depends on. */
  readonly tags: Set<string>;
  /** False when it depends on what has no tag. */
  isTagged: boolean;
  /** Seconds since the oldest of its parts was answered. */
  age: number;
  /** Whether it must not be put together from answers that others have asked for before. */
  isFresh: boolean;
  /** Of the whole; null unless it is known already. */
  etag: string | null;
}

const known = new WeakMap<CachePolicy, AnswerParts>();

/** What is known of the answer whose policy it is; it lives as long as the policy. */
export function partsOf(policy: CachePolicy): AnswerParts {
  let parts = known.get(policy);
  if (!parts) known.set(policy, (parts = { tags: new Set(), isTagged: true, age: 0, isFresh: false, etag: null }));
  return parts;
}

/** Notes that an answer holds what was kept: it may be kept for as long as is left of that. */
export function noteKept(policy: CachePolicy, entry: CacheEntry, nowMs: number): void {
  policy.restrict({ maxAge: Math.max(0, remainingOf(entry, nowMs)), scope: entry.scope });
  const parts = partsOf(policy);
  for (const tag of entry.tags) parts.tags.add(tag);
  parts.age = Math.max(parts.age, ageOf(entry, nowMs));
}
