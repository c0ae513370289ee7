import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { type Entity, isObject, ownValue } from './entities';
import type { Types } from './types';
import { writeName, writeValue } from './written-json';

/** What a subgraph needs to know of an entity to find it, as JSON; null when something of it is missing. */
export type Represent = (entity: Entity) => string | null;

/** Makes representations by the field sets that a fetch requires. */
export function compileRepresentation(requires: readonly QueryPlanSelectionNode[], types: Types): Represent {
  const represent = compileSelections(requires, types, true);
  return (entity) => (typeof entity.__typename === 'string' ? represent(entity) : null);
}

/**
 * Fields that are sent together or not at all: those outside of fragments, or those of one fragment that applies. When
 * one of them is missing another fragment may still have what identifies the entity.
 */
interface Group {
  readonly fields: readonly RequiredField[];
  /** The fragments within it. */
  readonly within: readonly Group[];
}

type RequiredField = Extract<QueryPlanSelectionNode, { kind: 'Field' }>;

/**
 * Compiles for each type when its first entity comes, because the type decides which fragments apply.
 * @param needsTypename Whether nothing is represented without the name of its type.
 */
function compileSelections(
  selections: readonly QueryPlanSelectionNode[],
  types: Types,
  needsTypename: boolean,
): Represent {
  const compiled = new Map<unknown, Represent>();
  return (entity) => {
    const typename = ownValue(entity, '__typename');
    let represent = compiled.get(typename);
    if (!represent) {
      represent = compileGroups(groupOf(selections, typename, types), types, needsTypename);
      // Names come from subgraphs: only those of the schema are worth keeping.
      if (typename === undefined || types.has(typename)) compiled.set(typename, represent);
    }
    return represent(entity);
  };
}

function groupOf(selections: readonly QueryPlanSelectionNode[], typename: unknown, types: Types): Group {
  const fields: RequiredField[] = [];
  const within: Group[] = [];
  for (const selection of selections) {
    if (selection.kind === 'Field') fields.push(selection);
    else if (selection.typeCondition === undefined || types.isOfType(typename, selection.typeCondition))
      within.push(groupOf(selection.selections, typename, types));
  }
  return { fields, within };
}

function compileGroups(root: Group, types: Types, needsTypename: boolean): Represent {
  const all = withinOf(root);
  const writers = new Map<string, Represent>();
  const writerFor = (present: readonly Group[]): Represent => {
    const fields = present.flatMap((group) => group.fields);
    if (needsTypename && !fields.some(({ name }) => name === '__typename')) return () => null;
    return compileFields(fields, types);
  };
  // Nearly always everything is there: whether it is shows while it is written.
  const writeAll = writerFor(all);
  return (entity) => {
    const text = writeAll(entity);
    if (text !== null) return text;
    const present = presentIn(entity, root);
    if (!present) return null;
    const key = present.map((group) => all.indexOf(group)).join();
    let write = writers.get(key);
    if (!write) writers.set(key, (write = writerFor(present)));
    return write(entity);
  };
}

/** A group and all within it. */
function withinOf(group: Group): Group[] {
  return [group, ...group.within.flatMap(withinOf)];
}

/** A group, and those within it of which nothing is missing; null when something of it is. */
function presentIn(entity: Entity, group: Group): Group[] | null {
  const isComplete = group.fields.every(({ name, alias }) => ownValue(entity, alias ?? name) !== undefined);
  if (!isComplete) return null;
  return [group, ...group.within.flatMap((inner) => presentIn(entity, inner) ?? [])];
}

interface WrittenField {
  readonly prefix: string;
  readonly responseName: string;
  readonly write: (value: unknown) => string;
}

/** Writes these fields of an entity, or nothing when one is missing. */
function compileFields(fields: readonly RequiredField[], types: Types): Represent {
  const byName = new Map<string, RequiredField[]>();
  for (const field of fields) byName.set(field.name, [...(byName.get(field.name) ?? []), field]);
  const written = [...byName].map(([name, alike], index): WrittenField => {
    const inner = alike.flatMap(({ selections = [] }) => selections);
    return {
      prefix: writeName(name, index),
      responseName: alike.at(-1)?.alias ?? name,
      write: inner.length > 0 ? writeWith(compileSelections(inner, types, false)) : writeValue,
    };
  });
  return (entity) => {
    let text = '{';
    for (const { prefix, responseName, write } of written) {
      const value = ownValue(entity, responseName);
      if (value === undefined) return null;
      text += prefix + write(value);
    }
    return `${text}}`;
  };
}

function writeWith(represent: Represent): (value: unknown) => string {
  const write = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(write).join()}]`;
    return isObject(value) ? (represent(value) ?? 'null') : writeValue(value);
  };
  return write;
}
