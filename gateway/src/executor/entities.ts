import type { ResponsePath } from '@apollo/query-planner';

/** An object of the answer while it is put together: by response names, as subgraphs have answered. */
export type Entity = Record<string, unknown>;

/** Where something stands in an answer: names of fields, and places in lists from 0. */
export type Path = readonly (string | number)[];

/** In paths of plans: every element of a list. */
const EACH = '@';

/**
 * Own properties only: a response name may be that of a property which every object inherits. Those are functions, or
 * the prototype, which no answer holds: seeing that is cheaper than asking whose property it is.
 */
export function ownValue(entity: Entity, name: string): unknown {
  const value = entity[name];
  return typeof value === 'function' || value === Object.prototype ? undefined : value;
}

/** The objects at a path of a plan, in order; what is null or no object is left out. */
export function entitiesAt(root: Entity, path: ResponsePath): Entity[] {
  const found: Entity[] = [];
  visitEntities(root, path, 0, (entity) => found.push(entity));
  return found;
}

/** Where the objects that `entitiesAt` finds stand in the answer, in the same order. */
export function pathsOfEntitiesAt(root: Entity, path: ResponsePath): Path[] {
  const found: Path[] = [];
  const walked: (string | number)[] = [];
  visitEntities(root, path, 0, () => found.push([...walked]), walked);
  return found;
}

function visitEntities(
  value: unknown,
  path: ResponsePath,
  position: number,
  visit: (entity: Entity) => void,
  walked: (string | number)[] | null = null,
): void {
  if (value === null || value === undefined) return;
  const step = path[position];
  if (Array.isArray(value)) {
    // Past the end of the path too: a plan names lists within lists, but not every one at its end.
    const next = step === EACH ? position + 1 : position;
    for (let index = 0; index < value.length; index += 1) {
      walked?.push(index);
      visitEntities(value[index], path, next, visit, walked);
      walked?.pop();
    }
    return;
  }
  if (typeof value !== 'object' || step === EACH) return;
  if (step === undefined) return void visit(value as Entity);
  walked?.push(step);
  visitEntities(ownValue(value as Entity, String(step)), path, position + 1, visit, walked);
  walked?.pop();
}

/**
 * Adds what a subgraph has answered to what is there. Objects are merged, lists of equal length element by element;
 * everything else replaces.
 */
export function mergeInto(target: Entity, source: Entity): void {
  for (const name of Object.keys(source)) {
    const added = source[name];
    // Most fields hold neither an object nor a list.
    const present = typeof added === 'object' ? ownValue(target, name) : undefined;
    if (isObject(present) && isObject(added)) mergeInto(present, added);
    else if (Array.isArray(present) && Array.isArray(added) && present.length === added.length)
      mergeLists(present, added);
    else setOwn(target, name, added);
  }
}

function mergeLists(target: unknown[], source: readonly unknown[]): void {
  source.forEach((added, index) => {
    const present = target[index];
    if (isObject(present) && isObject(added)) mergeInto(present, added);
    else if (Array.isArray(present) && Array.isArray(added) && present.length === added.length)
      mergeLists(present, added);
    else target[index] = added;
  });
}

/** Also for the one name whose assignment would change what the object inherits. */
export function setOwn(entity: Entity, name: string, value: unknown): void {
  if (name !== '__proto__') entity[name] = value;
  else Object.defineProperty(entity, name, { value, writable: true, enumerable: true, configurable: true });
}

/** Whether a value of an answer is an object, and neither null nor a list. */
export function isObject(value: unknown): value is Entity {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
