import { type BsonDocument, isDocument, type MaybeValue } from '../bson/values';
import { badValue, failedToParse } from '../errors';
import { compileFilter, type FilterContext } from '../query/matcher';

/** For each name, the test of which elements `$[name]` stands for. */
export type ArrayFilters = ReadonlyMap<string, (element: MaybeValue) => boolean>;

/**
 * Compiles the `arrayFilters` of an update.
 * @throws MongoError FailedToParse when a filter names no element, or several.
 */
export function compileArrayFilters(filters: MaybeValue, context: FilterContext = {}): ArrayFilters {
  const compiled = new Map<string, (element: MaybeValue) => boolean>();
  if (filters === undefined) return compiled;
  if (!Array.isArray(filters)) throw badValue('arrayFilters must be an array');
  for (const filter of filters) {
    if (!isDocument(filter)) throw badValue('arrayFilters must be documents');
    const names = new Set(namesIn(filter));
    const [name] = names;
    if (name === undefined || names.size > 1) {
      throw failedToParse('Error parsing array filter :: caused by :: Expected a single top-level field name');
    }
    if (compiled.has(name)) {
      throw failedToParse(`Found multiple array filters with the same top-level field name ${name}`);
    }
    const matches = compileFilter(filter, context);
    compiled.set(name, (element) => matches({ [name]: element }));
  }
  return compiled;
}

/** @throws MongoError FailedToParse when no path of the update uses a filter. */
export function checkArrayFiltersUsed(filters: ArrayFilters, paths: readonly string[]): void {
  for (const name of filters.keys()) {
    if (!paths.some((path) => path.split('.').includes(`$[${name}]`))) {
      throw failedToParse(`The array filter for identifier '${name}' was not used in the update`);
    }
  }
}

function namesIn(filter: BsonDocument): string[] {
  return Object.entries(filter).flatMap(([field, condition]) => {
    if (!field.startsWith('$')) return [field.split('.')[0] ?? field];
    return Array.isArray(condition) ? condition.filter(isDocument).flatMap(namesIn) : [];
  });
}
