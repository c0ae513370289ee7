import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
} from 'graphql';

/** Which subgraphs resolve what, as the `join__` directives of a supergraph say. */
export class FieldGraphs {
  private readonly fields = new Map<string, ReadonlySet<string>>();
  private readonly keyed = new Set<string>();

  constructor(supergraph: DocumentNode) {
    for (const definition of supergraph.definitions) {
      const isObject = definition.kind === Kind.OBJECT_TYPE_DEFINITION;
      if (isObject || definition.kind === Kind.INTERFACE_TYPE_DEFINITION) this.read(definition);
    }
  }

  /** Names of the subgraphs that resolve a field; none for one that does not exist. */
  of(type: string, field: string): ReadonlySet<string> {
    return this.fields.get(`${type}.${field}`) ?? new Set();
  }

  /** Whether subgraphs can be asked for fields of a type whose values come from others. */
  isEntity(type: string): boolean {
    return this.keyed.has(type);
  }

  private read({ name, directives, fields = [] }: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode): void {
    const joins = joinsOf(directives, 'join__type');
    if (joins.some(({ key }) => key !== undefined)) this.keyed.add(name.value);
    const all = joins.flatMap(({ graph = [] }) => graph);
    for (const field of fields) this.fields.set(`${name.value}.${field.name.value}`, graphsOf(field, all));
  }
}

function graphsOf({ directives }: FieldDefinitionNode, all: readonly string[]): ReadonlySet<string> {
  const joins = joinsOf(directives, 'join__field');
  if (joins.length === 0) return new Set(all);
  const resolving = joins.filter(({ external, usedOverridden }) => external !== true && usedOverridden !== true);
  return new Set(resolving.flatMap(({ graph = [] }) => graph));
}

interface Join {
  readonly graph?: string;
  readonly key?: string;
  readonly external?: boolean;
  readonly usedOverridden?: boolean;
}

function joinsOf(directives: readonly ConstDirectiveNode[] = [], name: string): Join[] {
  return directives
    .filter((directive) => directive.name.value === name)
    .map(({ arguments: args = [] }) =>
      Object.fromEntries(
        args.map(({ name: { value }, value: given }) => [value, 'value' in given ? given.value : null]),
      ),
    );
}
