import { Kind, parse, visit } from 'graphql';

/** The field by which the entities of a type are told apart in tags, by type; null where no key is a single field. */
export type EntityIds = ReadonlyMap<string, string | null>;

/** Reads from a supergraph which types are entities: `id` identifies where it is a key, otherwise the first key does. */
export function entityIdsOf(supergraphSdl: string): EntityIds {
  const keys = new Map<string, string[]>();
  visit(parse(supergraphSdl, { noLocation: true }), {
    enter(node) {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return undefined;
      for (const { name, arguments: args = [] } of node.directives ?? []) {
        const key = args.find((argument) => argument.name.value === 'key')?.value;
        if (name.value !== 'join__type' || key?.kind !== Kind.STRING) continue;
        keys.set(node.name.value, [...(keys.get(node.name.value) ?? []), key.value]);
      }
      // Types do not lie within types.
      return false;
    },
  });
  return new Map([...keys].map(([type, fieldSets]) => [type, identifying(fieldSets)]));
}

function identifying(fieldSets: readonly string[]): string | null {
  const single = fieldSets.flatMap((fields) => singleField(fields) ?? []);
  return single.includes('id') ? 'id' : (single[0] ?? null);
}

function singleField(fieldSet: string): string | null {
  const [definition] = parse(`{${fieldSet}}`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return null;
  const { selections } = definition.selectionSet;
  const [only] = selections;
  return selections.length === 1 && only?.kind === Kind.FIELD && !only.selectionSet ? only.name.value : null;
}
