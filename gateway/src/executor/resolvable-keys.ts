import { type ConstDirectiveNode, Kind, parse, print, visit } from 'graphql';

/**
 * The same supergraph, with the keys that a subgraph can resolve before those that it only knows: the planner takes
 * the first key of a type in a subgraph, resolvable or not.
 */
export function resolvableKeysFirst(supergraphSdl: string): string {
  let isChanged = false;
  const sorted = visit(parse(supergraphSdl, { noLocation: true }), {
    enter(node) {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return undefined;
      const { directives = [] } = node;
      // Stable: directives of other kinds, and of other subgraphs, stay in order among themselves.
      const resolvable = directives.filter((directive) => !isUnresolvableKey(directive));
      const unresolvable = directives.filter(isUnresolvableKey);
      if (unresolvable.length === 0) return false;
      isChanged = true;
      return { ...node, directives: [...resolvable, ...unresolvable] };
    },
  });
  return isChanged ? print(sorted) : supergraphSdl;
}

function isUnresolvableKey({ name, arguments: args = [] }: ConstDirectiveNode): boolean {
  return (
    name.value === 'join__type' &&
    args.some(
      (argument) =>
        argument.name.value === 'resolvable' && argument.value.kind === Kind.BOOLEAN && !argument.value.value,
    )
  );
}
