import { valuesAt } from '../bson/path';
import { type BsonDocument, isDocument, type MaybeValue } from '../bson/values';
import { badValue, MongoError } from '../errors';

/** Enough English to find plurals and verb forms; there is no other language. */
const SUFFIXES = /(ing|ed|s)$/;
const WORD_BOUNDARY = /[^\p{L}\p{N}]+/u;

/**
 * Compiles a `$text` search over the fields of a text index: any of the words, none of those after a
 * minus, every phrase in quotes. There is no relevance score.
 * @throws MongoError IndexNotFound without a text index.
 */
export function compileTextSearch(
  argument: MaybeValue,
  fields: readonly string[] | undefined,
): (document: BsonDocument) => boolean {
  if (!isDocument(argument) || typeof argument.$search !== 'string') throw badValue('$text needs a $search string');
  if (!fields) throw new MongoError(27, 'IndexNotFound', 'text index required for $text query');
  const phrases = [...argument.$search.matchAll(/"([^"]*)"/g)].map((match) => (match[1] ?? '').toLowerCase());
  const terms = argument.$search.replaceAll('"', ' ').split(/\s+/).filter(Boolean);
  const wanted = terms.filter((term) => !term.startsWith('-')).flatMap(stemsOf);
  const unwanted = terms.filter((term) => term.startsWith('-')).flatMap(stemsOf);
  return (document) => {
    const text = textOf(document, fields);
    const stems = new Set(stemsOf(text));
    return (
      wanted.some((stem) => stems.has(stem)) &&
      !unwanted.some((stem) => stems.has(stem)) &&
      phrases.every((phrase) => text.toLowerCase().includes(phrase))
    );
  };
}

function textOf(document: BsonDocument, fields: readonly string[]): string {
  return fields
    .flatMap((field) => valuesAt(document, field.split('.')).flat())
    .filter((value) => typeof value === 'string')
    .join(' ');
}

function stemsOf(text: string): string[] {
  const words = text.toLowerCase().split(WORD_BOUNDARY).filter(Boolean);
  return words.map((word) => word.replace(SUFFIXES, ''));
}
