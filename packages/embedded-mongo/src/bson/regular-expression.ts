import { type BSONRegExp } from 'bson';
import { locationError } from '../errors';

/**
 * A PCRE pattern as JavaScript's. Options: i, m, s, x; also in front of the pattern, as in `(?i)`.
 * @throws MongoError 51091 when it is not valid.
 */
export function toRegExp(source: BSONRegExp | string, options?: string): RegExp {
  let pattern = typeof source === 'string' ? source : source.pattern;
  let flags = options ?? (typeof source === 'string' ? '' : source.options);
  const inline = /^\(\?([imsx]+)\)/.exec(pattern);
  if (inline) {
    pattern = pattern.slice(inline[0].length);
    flags += inline[1] ?? '';
  }
  if (flags.includes('x')) pattern = withoutComments(pattern);
  try {
    return new RegExp(pattern, [...new Set(flags.replace(/[^ims]/g, ''))].join(''));
  } catch (error) {
    throw locationError(51091, `Regular expression is invalid: ${(error as Error).message}`);
  }
}

/** Option x: white space and comments do not count. */
function withoutComments(pattern: string): string {
  return pattern.replace(/\\#|#.*$/gm, (found) => (found === '\\#' ? found : '')).replace(/\s+/g, '');
}
