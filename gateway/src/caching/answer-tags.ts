import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getOperationAST,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { type Entity, isObject, ownValue } from '../executor/entities';
import { fragmentsOf } from '../executor/fragments';
import type { EntityIds } from './entity-ids';
import { entityTag, everyTag, someTag } from './tags';

/** Adds the tags of one value, root data or the entity that a representation stands for, to `tags`. */
export type AddTags = (tags: Set<string>, value: unknown, representation: Entity | null) => void;

interface TaggedQuery {
  readonly subgraph: string;
  /** What the subgraph is asked. */
  readonly query: string;
  /** With the types that clients do not see. */
  readonly supergraph: GraphQLSchema;
  readonly ids: EntityIds;
}

/** Objects at one place of an answer. */
interface Level {
  /** Null where only the representation knows the type. */
  readonly type: GraphQLNamedType | null;
  readonly fields: { readonly responseName: string; readonly level: Level }[];
  /** Under which response name a leaf is, by its own; null where that is another field's on another type. */
  readonly names: Map<string, string | null>;
  /** Which leaf a response name is of. */
  readonly leaves: Map<string, string>;
  /** Entities that are missing when nothing is here. */
  readonly nearest: Set<string>;
}

/**
 * Compiles which entities answers to a query depend on: those that they hold, and, where they hold a list, nothing or
 * an entity without what identifies it, all that could stand there. Null when that cannot be told.
 */
export function compileTags({ subgraph, query, supergraph, ids }: TaggedQuery): AddTags | null {
  const document = parse(query, { noLocation: true });
  const operation = getOperationAST(document);
  const root = supergraph.getQueryType();
  if (!operation || !root) return null;
  const fragments = fragmentsOf(document);
  const [first] = operation.selectionSet.selections;
  const isOfEntities = first?.kind === Kind.FIELD && first.name.value === '_entities';
  const compiled = isOfEntities
    ? levelOf(null, first.selectionSet, { supergraph, fragments, ids })
    : levelOf(root, operation.selectionSet, { supergraph, fragments, ids });
  if (!compiled) return null;
  const walk = new TagWalk(subgraph, ids);
  return (tags, value, representation) => {
    if (!representation) return void walk.visit(tags, value, compiled);
    walk.addEntity(tags, representation, String(representation.__typename), null);
    if (isObject(value)) walk.visitFields(tags, value, compiled);
  };
}

interface Compiling {
  readonly supergraph: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly ids: EntityIds;
}

function levelOf(
  type: GraphQLNamedType | null,
  selectionSet: SelectionSetNode | undefined,
  compiling: Compiling,
): Level | null {
  const { supergraph, ids } = compiling;
  const level: Level = { type, fields: [], names: new Map(), leaves: new Map(), nearest: new Set() };
  if (!addSelections(level, type, selectionSet, compiling)) return null;
  const possible = isAbstractType(type) ? supergraph.getPossibleTypes(type) : [];
  for (const { name } of [...(type ? [type] : []), ...possible]) if (ids.has(name)) level.nearest.add(name);
  if (level.nearest.size > 0 && !isAbstractType(type)) return level;
  for (const { level: below } of level.fields) for (const name of below.nearest) level.nearest.add(name);
  return level;
}

/** False when a selection is not of the supergraph. Fragments on all types are taken together. */
function addSelections(
  level: Level,
  type: GraphQLNamedType | null,
  selectionSet: SelectionSetNode | undefined,
  compiling: Compiling,
): boolean {
  const { supergraph, fragments } = compiling;
  return (selectionSet?.selections ?? []).every((selection) => {
    if (selection.kind === Kind.FIELD) return addField(level, type, selection, compiling);
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
    const { typeCondition } = fragment ?? {};
    const on = typeCondition ? supergraph.getType(typeCondition.name.value) : type;
    return on !== undefined && addSelections(level, on, fragment?.selectionSet, compiling);
  });
}

function addField(level: Level, type: GraphQLNamedType | null, node: FieldNode, compiling: Compiling): boolean {
  const name = node.name.value;
  if (name === '__typename') return true;
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  if (!field) return false;
  const responseName = (node.alias ?? node.name).value;
  const named = getNamedType(field.type);
  if (!isCompositeType(named)) {
    const other = level.leaves.get(responseName) ?? name;
    level.leaves.set(responseName, name);
    level.names.set(name, responseName);
    if (other !== name) for (const shared of [name, other]) level.names.set(shared, null);
    return true;
  }
  const below = levelOf(named, node.selectionSet, compiling);
  if (below) level.fields.push({ responseName, level: below });
  return below !== null;
}

class TagWalk {
  constructor(
    private readonly subgraph: string,
    private readonly ids: EntityIds,
  ) {}

  visit(tags: Set<string>, value: unknown, level: Level): void {
    if (Array.isArray(value)) {
      this.addMissing(tags, level);
      for (const element of value) this.visit(tags, element, level);
    } else if (!isObject(value)) {
      this.addMissing(tags, level);
    } else {
      const { type } = level;
      const typename = typeof value.__typename === 'string' ? value.__typename : type?.name;
      if (isAbstractType(type) && typename === type.name) this.addMissing(tags, level);
      else if (typename !== undefined && this.ids.has(typename)) this.addEntity(tags, value, typename, level.names);
      this.visitFields(tags, value, level);
    }
  }

  visitFields(tags: Set<string>, entity: Entity, { fields }: Level): void {
    for (const { responseName, level } of fields) {
      const value = ownValue(entity, responseName);
      // Not selected on this type, or skipped.
      if (value !== undefined) this.visit(tags, value, level);
    }
  }

  /** @param names Of the selected fields; null for a representation, in which they are the fields' own. */
  addEntity(tags: Set<string>, entity: Entity, type: string, names: Level['names'] | null): void {
    const entityType = { subgraph: this.subgraph, type };
    const field = this.ids.get(type) ?? null;
    const name = field === null || names === null ? field : (names.get(field) ?? null);
    const id = name === null ? undefined : ownValue(entity, name);
    tags.add(everyTag(entityType));
    tags.add(
      typeof id === 'string' || typeof id === 'number' ? entityTag(entityType, String(id)) : someTag(entityType),
    );
  }

  private addMissing(tags: Set<string>, { nearest }: Level): void {
    for (const type of nearest) {
      tags.add(everyTag({ subgraph: this.subgraph, type }));
      tags.add(someTag({ subgraph: this.subgraph, type }));
    }
  }
}
