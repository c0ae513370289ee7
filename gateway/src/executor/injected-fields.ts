import {
  type ConstDirectiveNode,
  type DocumentNode,
  getNamedType,
  type GraphQLSchema,
  isCompositeType,
  isObjectType,
  isInterfaceType,
  Kind,
  parse,
  print,
  type SelectionSetNode,
} from 'graphql';

/** Fields that the planner adds to what a client asks for: those of keys, and those that other fields require. */
export interface InjectedFields {
  /** Names of added fields, by type. */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
  /** Those of them, as `Type.field`, that are added with arguments. */
  readonly withArguments: ReadonlySet<string>;
  /** By `Type.field` which requires them: the arguments of each field that it requires, by the place of that field. */
  readonly requiredArguments: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Reads them from the `join__` directives of a supergraph. */
export function injectedFieldsOf(supergraph: DocumentNode, schema: GraphQLSchema): InjectedFields {
  const names = new Map<string, Set<string>>();
  const withArguments = new Set<string>();
  const requiredArguments = new Map<string, Map<string, string>>();

  function walk(typeName: string, { selections }: SelectionSetNode, requiredBy: string | null, place: string): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.typeCondition?.name.value ?? typeName, selection.selectionSet, requiredBy, place);
        continue;
      }
      const { name, arguments: args = [], selectionSet } = selection;
      const field = `${typeName}.${name.value}`;
      names.set(typeName, (names.get(typeName) ?? new Set()).add(name.value));
      if (requiredBy !== null && args.length > 0) {
        withArguments.add(field);
        const known = requiredArguments.get(requiredBy) ?? new Map<string, string>();
        requiredArguments.set(requiredBy, known.set(`${place}/${field}`, args.map(print).sort().join()));
      }
      const inner = typeOfField(schema, typeName, name.value);
      if (selectionSet && inner !== null) walk(inner, selectionSet, requiredBy, `${place}/${field}`);
    }
  }

  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const type = definition.name.value;
    for (const key of fieldSets(definition.directives, 'join__type', 'key')) walk(type, key, null, '');
    for (const field of definition.fields ?? []) {
      for (const required of fieldSets(field.directives, 'join__field', 'requires')) {
        walk(type, required, `${type}.${field.name.value}`, '');
      }
    }
  }
  return { names, withArguments, requiredArguments };
}

function fieldSets(
  directives: readonly ConstDirectiveNode[] = [],
  directive: string,
  argument: string,
): SelectionSetNode[] {
  return directives
    .filter(({ name }) => name.value === directive)
    .flatMap(({ arguments: args = [] }) => args.filter(({ name }) => name.value === argument))
    .flatMap(({ value }) => (value.kind === Kind.STRING ? [selectionSetOf(value.value)] : []));
}

function selectionSetOf(fieldSet: string): SelectionSetNode {
  const [operation] = parse(`{ ${fieldSet} }`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`no field set: ${fieldSet}`);
  return operation.selectionSet;
}

function typeOfField(schema: GraphQLSchema, typeName: string, fieldName: string): string | null {
  const type = schema.getType(typeName);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined;
  const inner = field && getNamedType(field.type);
  return inner && isCompositeType(inner) ? inner.name : null;
}
