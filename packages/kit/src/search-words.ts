const MAX_WORDS = 200;
const MAX_WORD_LENGTH = 40;

/** A text without case and accents, so that spellings which people take for the same are the same. */
export function foldText(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * The distinct words of a text as they are stored and searched: lower-case, without accents.
 * Holds at most 200 words of at most 40 characters; what is beyond is not found.
 */
export function wordsOf(text: string): string[] {
  const words = foldText(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(words.map((word) => Array.from(word).slice(0, MAX_WORD_LENGTH).join('')))].slice(0, MAX_WORDS);
}

/** Matches stored texts that begin with `text`. Anchored and case-sensitive, so that an index serves it. */
export function beginsWith(text: string): RegExp {
  return new RegExp(`^${text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}`);
}
