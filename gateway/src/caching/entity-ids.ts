import { Kind, parse, type SelectionSetNode } from 'graphql';
import { fieldSets } from '../executor/field-sets';
import { hasFields } from '../executor/requirements';

/** The field by which the entities of a type are told apart in tags, by type; null where no key is a single field. */
export type EntityIds = ReadonlyMap<string, string | null>;

/** Reads from a supergraph which types are entities: `id` identifies where it is a key, otherwise the first key does. */
export function entityIdsOf(supergraphSdl: string): EntityIds {
  const types = parse(supergraphSdl, { noLocation: true }).definitions.filter(hasFields);
  return new Map(
    types.flatMap(({ name, directives }): [string, string | null][] => {
      const keys = fieldSets(directives, 'join__type', 'key');
      return keys.length > 0 ? [[name.value, identifying(keys)]] : [];
    }),
  );
}

function identifying(keys: readonly SelectionSetNode[]): string | null {
  const single = keys.flatMap((key) => singleField(key) ?? []);
  return single.includes('id') ? 'id' : (single[0] ?? null);
}

function singleField({ selections }: SelectionSetNode): string | null {
  const [only] = selections;
  return selections.length === 1 && only?.kind === Kind.FIELD && !only.selectionSet ? only.name.value : null;
}
