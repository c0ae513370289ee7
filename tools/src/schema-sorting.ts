import { type DefinitionNode, type DocumentNode, Kind, type NameNode, visit } from 'graphql';

interface Named {
  readonly name: NameNode;
}

/**
 * Sorts types, fields, arguments, input fields, enum values, union members and interfaces by name, so that moving
 * code changes no SDL. Directives keep their order: it can have a meaning. graphql's own
 * `lexicographicSortSchema` sorts schemas, which have no applied directives.
 */
export function sortSdl(document: DocumentNode): DocumentNode {
  return visit(document, {
    Document: { leave: (node) => ({ ...node, definitions: sortedDefinitions(node.definitions) }) },
    ObjectTypeDefinition: {
      leave: (node) => ({ ...node, fields: sorted(node.fields), interfaces: sorted(node.interfaces) }),
    },
    InterfaceTypeDefinition: {
      leave: (node) => ({ ...node, fields: sorted(node.fields), interfaces: sorted(node.interfaces) }),
    },
    InputObjectTypeDefinition: { leave: (node) => ({ ...node, fields: sorted(node.fields) }) },
    EnumTypeDefinition: { leave: (node) => ({ ...node, values: sorted(node.values) }) },
    UnionTypeDefinition: { leave: (node) => ({ ...node, types: sorted(node.types) }) },
    FieldDefinition: { leave: (node) => ({ ...node, arguments: sorted(node.arguments) }) },
  });
}

/** What belongs to the schema as a whole first, then directives, then types. */
function sortedDefinitions(definitions: readonly DefinitionNode[]): DefinitionNode[] {
  const key = (definition: DefinitionNode): string => {
    const name = 'name' in definition ? (definition.name?.value ?? '') : '';
    return `${rank(definition)} ${name}`;
  };
  return [...definitions].sort((a, b) => compare(key(a), key(b)));
}

function rank({ kind }: DefinitionNode): number {
  if (kind === Kind.SCHEMA_DEFINITION || kind === Kind.SCHEMA_EXTENSION) return 0;
  return kind === Kind.DIRECTIVE_DEFINITION ? 1 : 2;
}

function sorted<Node extends Named>(nodes: readonly Node[] = []): Node[] {
  return [...nodes].sort((a, b) => compare(a.name.value, b.name.value));
}

/** By code units: the locale of the machine must not matter. */
function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
