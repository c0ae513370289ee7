import { type ConstDirectiveNode, type FieldNode, Kind, parse, print, type SelectionSetNode } from 'graphql';

/** The field sets that directives of a name give to an argument, such as `join__field(requires:)`. */
export function fieldSets(
  directives: readonly ConstDirectiveNode[] = [],
  directive: string,
  argument: string,
): SelectionSetNode[] {
  return directives
    .filter(({ name }) => name.value === directive)
    .flatMap(({ arguments: args = [] }) => args.filter(({ name }) => name.value === argument))
    .flatMap(({ value }) => (value.kind === Kind.STRING ? [parseFieldSet(value.value)] : []));
}

/** @throws GraphQLError when it is no field set. */
export function parseFieldSet(fieldSet: string): SelectionSetNode {
  const [operation] = parse(`{ ${fieldSet} }`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`no field set: ${fieldSet}`);
  return operation.selectionSet;
}

/** As it stands in a directive. */
export function printFieldSet(fieldSet: SelectionSetNode): string {
  return print(fieldSet).slice(1, -1).replace(/\s+/g, ' ').trim();
}

/** Equal for fields that are given the same arguments, in whatever order. */
export function argumentsText({ arguments: args = [] }: FieldNode): string {
  return args.map(print).sort().join();
}
