import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { type Entity, isObject, mergeInto, ownValue, setOwn } from './entities';
import type { Types } from './types';

/** What a subgraph needs to know of an entity to find it; null when something of it is missing. */
export type Represent = (entity: Entity) => Entity | null;

/** Makes representations by the field sets that a fetch requires. */
export function compileRepresentation(requires: readonly QueryPlanSelectionNode[], types: Types): Represent {
  const represent = compileSelections(requires, types);
  return (entity) => {
    const representation = represent(entity);
    return representation && typeof representation.__typename === 'string' ? representation : null;
  };
}

type AddTo = (representation: Entity, entity: Entity) => boolean;

function compileSelections(selections: readonly QueryPlanSelectionNode[], types: Types): Represent {
  const adds = selections.map((selection): AddTo => {
    if (selection.kind === 'InlineFragment') return compileFragment(selection, types);
    const { name, alias, selections: inner } = selection;
    const responseName = alias ?? name;
    const copy = inner ? copyWith(compileSelections(inner, types)) : (value: unknown) => value;
    return (representation, entity) => {
      const value = ownValue(entity, responseName);
      if (value === undefined) return false;
      setOwn(representation, name, copy(value));
      return true;
    };
  });
  return (entity) => {
    const representation: Entity = {};
    return adds.every((add) => add(representation, entity)) ? representation : null;
  };
}

/** Applies only to entities of its type, and otherwise adds nothing. */
function compileFragment(
  { typeCondition, selections }: Extract<QueryPlanSelectionNode, { kind: 'InlineFragment' }>,
  types: Types,
): AddTo {
  const represent = compileSelections(selections, types);
  return (representation, entity) => {
    if (typeCondition !== undefined && !types.isOfType(entity.__typename, typeCondition)) return true;
    const part = represent(entity);
    // Another fragment may still have what identifies it.
    if (part) mergeInto(representation, part);
    return true;
  };
}

function copyWith(represent: Represent): (value: unknown) => unknown {
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    return isObject(value) ? represent(value) : value;
  };
  return copy;
}
