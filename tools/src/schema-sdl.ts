import { type DefinitionNode, type DocumentNode, graphql, type GraphQLSchema, Kind, parse, visit } from 'graphql';
import { sortSdl } from './schema-sorting';

/**
 * What a subgraph contributes to the supergraph: its own definitions and the federation `@link`, sorted. Read
 * from the SDL that it serves, because `printSubgraphSchema` loses the fields of type-graphql's types.
 * @throws Error when the schema serves no SDL.
 */
export async function subgraphSdl(schema: GraphQLSchema): Promise<DocumentNode> {
  const { data, errors } = await graphql({ schema, source: '{ _service { sdl } }', contextValue: {} });
  const sdl = (data?._service as { sdl?: unknown } | undefined)?.sdl;
  if (typeof sdl !== 'string') throw errors?.[0] ?? new Error('the schema serves no SDL');
  return sortSdl(withoutMachinery(parse(sdl)));
}

/** Leaves out what every reader of the `@link` adds by itself. */
function withoutMachinery(document: DocumentNode): DocumentNode {
  const imported = importedDirectives(document);
  return visit(document, {
    SchemaDefinition: () => null,
    DirectiveDefinition: ({ name }) => (isMachinery(name.value) || imported.has(name.value) ? null : undefined),
    ScalarTypeDefinition: ({ name }) => (isMachinery(name.value) ? null : undefined),
    EnumTypeDefinition: ({ name }) => (isMachinery(name.value) ? null : undefined),
    UnionTypeDefinition: ({ name }) => (isMachinery(name.value) ? null : undefined),
    ObjectTypeDefinition: ({ name }) => (isMachinery(name.value) ? null : undefined),
    FieldDefinition: ({ name }) => (isMachinery(name.value) ? null : undefined),
  });
}

function isMachinery(name: string): boolean {
  return name === 'link' || /^(_|link__|federation__)/.test(name);
}

/** The directives that a `@link` imports, without their `@`. */
function importedDirectives({ definitions }: DocumentNode): ReadonlySet<string> {
  return new Set(definitions.flatMap(importsOf).map((name) => name.slice(1)));
}

function importsOf(definition: DefinitionNode): readonly string[] {
  if (definition.kind !== Kind.SCHEMA_EXTENSION) return [];
  return (definition.directives ?? []).flatMap(({ arguments: given = [] }) => {
    const imports = given.find(({ name }) => name.value === 'import')?.value;
    return imports?.kind === Kind.LIST
      ? imports.values.flatMap((value) => (value.kind === Kind.STRING ? [value.value] : []))
      : [];
  });
}
