import { type ConstDirectiveNode, type DefinitionNode, Kind, parse, print } from 'graphql';

/**
 * The same supergraph, with the keys that a subgraph can resolve before those that it only knows: the planner takes
 * the first key of a type in a subgraph, resolvable or not.
 */
export function resolvableKeysFirst(supergraphSdl: string): string {
  const supergraph = parse(supergraphSdl, { noLocation: true });
  const definitions = supergraph.definitions.map(withResolvableKeysFirst);
  const isChanged = definitions.some((definition, index) => definition !== supergraph.definitions[index]);
  return isChanged ? print({ ...supergraph, definitions }) : supergraphSdl;
}

function withResolvableKeysFirst(definition: DefinitionNode): DefinitionNode {
  if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) {
    return definition;
  }
  const { directives = [] } = definition;
  // Stable: directives of other kinds, and of other subgraphs, stay in order among themselves.
  const unresolvable = directives.filter(isUnresolvableKey);
  const others = directives.filter((directive) => !isUnresolvableKey(directive));
  return unresolvable.length === 0 ? definition : { ...definition, directives: [...others, ...unresolvable] };
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
