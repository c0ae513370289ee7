import { type DefinitionNode, type DocumentNode, isTypeDefinitionNode, Kind, type NameNode, visit } from 'graphql';

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
  return [...definitions].sort((a, b) => compare(placeOf(a), placeOf(b)));
}

function placeOf(definition: DefinitionNode): string {
  if (isTypeDefinitionNode(definition)) return `2 ${definition.name.value}`;
  return definition.kind === Kind.DIRECTIVE_DEFINITION ? `1 ${definition.name.value}` : '0';
}

function sorted<Node extends Named>(nodes: readonly Node[] = []): Node[] {
  return [...nodes].sort((a, b) => compare(a.name.value, b.name.value));
}

/** By code units: the locale of the machine must not matter. */
function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
