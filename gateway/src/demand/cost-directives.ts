import { type DirectiveNode, type DocumentNode, Kind, valueFromASTUntyped } from 'graphql';

const COST_SPEC = 'https://specs.apollo.dev/cost/';

/** What a supergraph calls the two directives, without their `@`. */
export interface CostDirectiveNames {
  readonly cost: string;
  readonly listSize: string;
}

interface Import {
  readonly name: string;
  readonly as?: string;
}

/**
 * The names that a supergraph's `@link` to the cost specification gives to `@cost` and `@listSize`: subgraphs may
 * have renamed them, and composition keeps the new names (https://specs.apollo.dev/link/v1.0/#@link.import).
 */
export function costDirectiveNames({ definitions }: DocumentNode): CostDirectiveNames {
  const links = definitions.flatMap((definition) => {
    const isSchema = definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION;
    return isSchema ? (definition.directives ?? []).filter(({ name }) => name.value === 'link').map(argumentsOf) : [];
  });
  const link = links.find(({ url }) => typeof url === 'string' && url.startsWith(COST_SPEC));
  if (!link) return { cost: 'cost', listSize: 'listSize' };
  const prefix = typeof link.as === 'string' ? link.as : 'cost';
  const imports = (Array.isArray(link.import) ? link.import : []).map((entry): Import =>
    typeof entry === 'string' ? { name: entry } : (entry as Import),
  );
  const named = (directive: string) => {
    const imported = imports.find(({ name }) => name === `@${directive}`);
    return imported && (imported.as ?? imported.name).slice(1);
  };
  return { cost: named('cost') ?? prefix, listSize: named('listSize') ?? `${prefix}__listSize` };
}

/** What a directive says, by argument. */
export function argumentsOf({ arguments: given = [] }: DirectiveNode): Readonly<Record<string, unknown>> {
  return Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));
}
