import {
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { selectionsOf } from './fragments';
import type { InjectedFields } from './injected-fields';

/** Begins response names that are out of the planner's way; clients get them without it. */
const PREFIX = 'client__';

/** Begins response names of what is required with different arguments. */
const STAND_IN = /^required\d+__/;

const NONE: ReadonlySet<string> = new Set();

/** The name under which a client knows what was asked for under `name`. */
export function clientName(name: string): string {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name.replace(STAND_IN, '');
}

/** The name of the field that stands for one which is required in several ways, of which this is the `ordinal`th. */
export function standInName(field: string, ordinal: number): string {
  return `required${ordinal}__${field}`;
}

/**
 * The same operation, in which no response name is one that the planner adds for a key or a requirement and means
 * something else: an alias that is called like such a field, or such a field with arguments of its own. All
 * occurrences of a name are renamed, so that what was merged is merged still.
 */
export function outOfThePlannersWay(
  document: DocumentNode,
  schema: GraphQLSchema,
  injected: InjectedFields,
): DocumentNode {
  // What a name means depends on the type that it is selected on, which takes longer to find out.
  const isSuspected = selectionsOf(document).some((node) => node.kind === Kind.FIELD && mayBeInTheWay(node, injected));
  const names = isSuspected ? namesInTheWay(document, schema, injected) : NONE;
  if (names.size === 0) return document;
  return visit(document, {
    Field(node) {
      const name = responseName(node);
      return names.has(name) ? { ...node, alias: { kind: Kind.NAME, value: PREFIX + name } } : undefined;
    },
  });
}

/** Whether a field would be in the way on some type. */
function mayBeInTheWay(node: FieldNode, { onAnyType, withArguments }: InjectedFields): boolean {
  const name = responseName(node);
  if (name !== clientName(name)) return true;
  const isAlias = name !== node.name.value;
  if (!onAnyType.has(name)) return isAlias && name === '__typename';
  return isAlias || withArguments.size > 0 || (node.arguments !== undefined && node.arguments.length > 0);
}

function namesInTheWay(
  document: DocumentNode,
  schema: GraphQLSchema,
  { names, withArguments }: InjectedFields,
): ReadonlySet<string> {
  const found = new Set<string>();
  const types = new TypeInfo(schema);
  const isInTheWay = (type: string, node: FieldNode): boolean => {
    const name = responseName(node);
    const isAdded = names.get(type)?.has(name) === true;
    if (name !== node.name.value) return isAdded || name === '__typename';
    const hasArguments = node.arguments !== undefined && node.arguments.length > 0;
    return (isAdded && hasArguments) || withArguments.has(`${type}.${name}`);
  };
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType();
        const name = responseName(node);
        const isMeant = parent && possibleTypes(schema, parent).some((type) => isInTheWay(type, node));
        // A name that looks like one of ours would lose its beginning.
        if (isMeant || name !== clientName(name)) found.add(name);
      },
    }),
  );
  return found;
}

function possibleTypes(schema: GraphQLSchema, type: GraphQLCompositeType): readonly string[] {
  if (!isAbstractType(type)) return [type.name];
  return [type.name, ...schema.getPossibleTypes(type).map(({ name }) => name)];
}

function responseName({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
