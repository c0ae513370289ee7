import { type DocumentNode, Kind, parse, type SchemaDefinitionNode } from 'graphql';

const URL = 'https://specs.apollo.dev/inaccessible/v0.2';

const [SCHEMA, DIRECTIVE] = parse(
  `schema @link(url: "${URL}", for: SECURITY) { query: Query }
   directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION`,
  { noLocation: true },
).definitions as [SchemaDefinitionNode, DocumentNode['definitions'][number]];

/** The same supergraph, in which `@inaccessible` may be used (https://specs.apollo.dev/inaccessible/v0.2). */
export function withInaccessible(supergraph: DocumentNode): DocumentNode {
  const { definitions } = supergraph;
  const isKnown = definitions.some(
    (definition) => definition.kind === Kind.DIRECTIVE_DEFINITION && definition.name.value === 'inaccessible',
  );
  if (isKnown) return supergraph;
  const linked = definitions.map((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION
      ? { ...definition, directives: [...(definition.directives ?? []), ...(SCHEMA.directives ?? [])] }
      : definition,
  );
  return { ...supergraph, definitions: [...linked, DIRECTIVE] };
}
