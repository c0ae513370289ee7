import { equalValues } from '../bson/compare';
import { isTruthy, toNumber } from '../bson/numbers';
import { ownField } from '../bson/path';
import { toRegExp } from '../bson/regular-expression';
import { type BsonDocument, hasType, isDocument, isNumber, type MaybeValue } from '../bson/values';
import { failedToParse } from '../errors';

type Check = (value: MaybeValue) => boolean;
type KeywordCompiler = (argument: MaybeValue, schema: BsonDocument) => Check;

/** JSON Schema's names of types that BSON has another name for. */
const JSON_TYPES: Readonly<Record<string, readonly string[]>> = { boolean: ['bool'], integer: ['int', 'long'] };

/**
 * Compiles a `$jsonSchema` (draft 4 with `bsonType`).
 * @throws MongoError FailedToParse for a keyword that is not known.
 */
export function compileJsonSchema(schema: MaybeValue): Check {
  if (!isDocument(schema)) throw failedToParse('$jsonSchema must be an object');
  const checks = Object.keys(schema).map((keyword) => {
    const compile = KEYWORDS.get(keyword);
    if (!compile) throw failedToParse(`Unknown $jsonSchema keyword: ${keyword}`);
    return compile(schema[keyword], schema);
  });
  return (value) => value === undefined || checks.every((check) => check(value));
}

/** In code points, as MongoDB counts. */
const lengthOf = (text: string): number => Array.from(text).length;
const always: Check = () => true;
const list = (argument: MaybeValue): MaybeValue[] => (Array.isArray(argument) ? argument : [argument]);

function typeCheck(argument: MaybeValue): Check {
  const names = list(argument).flatMap((name) => {
    if (typeof name !== 'string') throw failedToParse('$jsonSchema types must be strings');
    return JSON_TYPES[name] ?? [name];
  });
  return (value) => names.some((name) => hasType(value, name));
}

const ofNumbers =
  (check: (value: number) => boolean): Check =>
  (value) =>
    !isNumber(value) || check(toNumber(value));
const ofStrings =
  (check: (value: string) => boolean): Check =>
  (value) =>
    typeof value !== 'string' || check(value);
const ofArrays =
  (check: (value: readonly MaybeValue[]) => boolean): Check =>
  (value) =>
    !Array.isArray(value) || check(value);
const ofDocuments =
  (check: (value: BsonDocument) => boolean): Check =>
  (value) =>
    !isDocument(value) || check(value);

function propertiesCheck(argument: MaybeValue): Check {
  if (!isDocument(argument)) throw failedToParse("$jsonSchema keyword 'properties' must be an object");
  const checks = Object.entries(argument).map(([field, schema]) => [field, compileJsonSchema(schema)] as const);
  return ofDocuments((document) => checks.every(([field, check]) => check(ownField(document, field))));
}

function additionalPropertiesCheck(argument: MaybeValue, { properties }: BsonDocument): Check {
  const named = new Set(isDocument(properties) ? Object.keys(properties) : []);
  if (argument === true) return always;
  const check = argument === false ? () => false : compileJsonSchema(argument);
  return ofDocuments((document) => Object.keys(document).every((field) => named.has(field) || check(document[field])));
}

const KEYWORDS: ReadonlyMap<string, KeywordCompiler> = new Map<string, KeywordCompiler>([
  ['bsonType', typeCheck],
  ['type', typeCheck],
  ['title', () => always],
  ['description', () => always],
  ['enum', (argument) => (value) => list(argument).some((allowed) => equalValues(allowed, value))],
  ['exclusiveMinimum', () => always],
  ['exclusiveMaximum', () => always],
  [
    'minimum',
    (argument, { exclusiveMinimum }) =>
      ofNumbers((value) => (isTruthy(exclusiveMinimum) ? value > toNumber(argument) : value >= toNumber(argument))),
  ],
  [
    'maximum',
    (argument, { exclusiveMaximum }) =>
      ofNumbers((value) => (isTruthy(exclusiveMaximum) ? value < toNumber(argument) : value <= toNumber(argument))),
  ],
  ['multipleOf', (argument) => ofNumbers((value) => value % toNumber(argument) === 0)],
  ['minLength', (argument) => ofStrings((value) => lengthOf(value) >= toNumber(argument))],
  ['maxLength', (argument) => ofStrings((value) => lengthOf(value) <= toNumber(argument))],
  [
    'pattern',
    (argument) => {
      if (typeof argument !== 'string') throw failedToParse("$jsonSchema keyword 'pattern' must be a string");
      const pattern = toRegExp(argument);
      return ofStrings((value) => pattern.test(value));
    },
  ],
  ['minItems', (argument) => ofArrays((value) => value.length >= toNumber(argument))],
  ['maxItems', (argument) => ofArrays((value) => value.length <= toNumber(argument))],
  [
    'uniqueItems',
    (argument) =>
      ofArrays(
        (value) =>
          !isTruthy(argument) ||
          value.every((element, index) => !value.slice(0, index).some((other) => equalValues(element, other))),
      ),
  ],
  [
    'items',
    (argument) => {
      const check = compileJsonSchema(argument);
      return ofArrays((value) => value.every(check));
    },
  ],
  [
    'required',
    (argument) => {
      const fields = list(argument) as string[];
      return ofDocuments((document) => fields.every((field) => Object.hasOwn(document, field)));
    },
  ],
  ['minProperties', (argument) => ofDocuments((value) => Object.keys(value).length >= toNumber(argument))],
  ['maxProperties', (argument) => ofDocuments((value) => Object.keys(value).length <= toNumber(argument))],
  ['properties', propertiesCheck],
  ['additionalProperties', additionalPropertiesCheck],
  [
    'allOf',
    (argument) => {
      const checks = list(argument).map(compileJsonSchema);
      return (value) => checks.every((check) => check(value));
    },
  ],
  [
    'anyOf',
    (argument) => {
      const checks = list(argument).map(compileJsonSchema);
      return (value) => checks.some((check) => check(value));
    },
  ],
  [
    'oneOf',
    (argument) => {
      const checks = list(argument).map(compileJsonSchema);
      return (value) => checks.filter((check) => check(value)).length === 1;
    },
  ],
  [
    'not',
    (argument) => {
      const check = compileJsonSchema(argument);
      return (value) => !check(value);
    },
  ],
]);
