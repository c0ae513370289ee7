/** The most characters of a slug. */
export const MAX_SLUG_LENGTH = 100;

/** Lower-case letters and digits, in words joined by single hyphens. */
export const SLUG_PATTERN = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Leaves room for the number that makes a derived slug unique. */
const MAX_DERIVED_LENGTH = 80;

/** Letters that no Unicode decomposition turns into plain ones. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', þ: 'th' };

/** The slug that a name suggests; `product` for a name without any Latin letter or digit. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[ßæœøłđþ]/g, (letter) => PLAIN_LETTERS[letter] ?? '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_DERIVED_LENGTH)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'product' : slug;
}

/** `count` slugs to try in this order, from the `from`th on: `shirt`, `shirt-2`, `shirt-3`… */
export function slugCandidates(base: string, from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    return number === 1 ? base : `${base}-${number}`;
  });
}
