import {
  type DocumentNode,
  getNamedType,
  type GraphQLSchema,
  isCompositeType,
  isObjectType,
  isInterfaceType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { fieldSets } from './field-sets';

/** Fields that the planner adds to what a client asks for: those of keys, and those that other fields require. */
export interface InjectedFields {
  /** Names of added fields, by type. */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
  /** All of these names, whatever the type. */
  readonly onAnyType: ReadonlySet<string>;
  /** Those of them, as `Type.field`, that are added with arguments. */
  readonly withArguments: ReadonlySet<string>;
}

/** Reads them from the `join__` directives of a supergraph. */
export function injectedFieldsOf(supergraph: DocumentNode, schema: GraphQLSchema): InjectedFields {
  const names = new Map<string, Set<string>>();
  const withArguments = new Set<string>();

  function walk(typeName: string, { selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.typeCondition?.name.value ?? typeName, selection.selectionSet);
        continue;
      }
      const { name, arguments: args = [], selectionSet } = selection;
      names.set(typeName, (names.get(typeName) ?? new Set()).add(name.value));
      if (args.length > 0) withArguments.add(`${typeName}.${name.value}`);
      const inner = typeOfField(schema, typeName, name.value);
      if (selectionSet && inner !== null) walk(inner, selectionSet);
    }
  }

  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const type = definition.name.value;
    for (const key of fieldSets(definition.directives, 'join__type', 'key')) walk(type, key);
    for (const field of definition.fields ?? []) {
      for (const required of fieldSets(field.directives, 'join__field', 'requires')) walk(type, required);
    }
  }
  return { names, onAnyType: new Set([...names.values()].flatMap((ofType) => [...ofType])), withArguments };
}

function typeOfField(schema: GraphQLSchema, typeName: string, fieldName: string): string | null {
  const type = schema.getType(typeName);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined;
  const inner = field && getNamedType(field.type);
  return inner && isCompositeType(inner) ? inner.name : null;
}
