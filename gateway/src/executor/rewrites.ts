import type { FetchDataRewrite } from '@apollo/query-planner';
import { type Entity, isObject, ownValue, type Path, setOwn } from './entities';
import type { Types } from './types';

/** In paths of rewrites: only where the object is of this type. */
const ON_TYPE = '... on ';

/** Changes what is sent to, or was answered by, a subgraph which knows things under other names. */
export type Rewrite = (value: unknown) => void;

/** What the planner says has to be changed; null for nothing. */
export function compileRewrites(rewrites: readonly FetchDataRewrite[] | undefined, types: Types): Rewrite | null {
  if (!rewrites || rewrites.length === 0) return null;
  const compiled = rewrites.map((rewrite) => compileRewrite(rewrite, types));
  return (value) => compiled.forEach((rewrite) => rewrite(value));
}

function compileRewrite(rewrite: FetchDataRewrite, types: Types): Rewrite {
  const path = rewrite.path.slice(0, -1);
  const field = rewrite.path.at(-1);
  if (field === undefined) return () => undefined;
  const change = (entity: Entity): void => {
    if (rewrite.kind === 'ValueSetter') return void setOwn(entity, field, rewrite.setValueTo);
    const value = ownValue(entity, field);
    if (value === undefined) return;
    Reflect.deleteProperty(entity, field);
    setOwn(entity, rewrite.renameKeyTo, value);
  };
  return (value) => changeAt(value, path, 0, change, types);
}

function changeAt(
  value: unknown,
  path: readonly string[],
  position: number,
  change: (entity: Entity) => void,
  types: Types,
): void {
  if (Array.isArray(value)) return void value.forEach((element) => changeAt(element, path, position, change, types));
  if (!isObject(value)) return;
  const step = path[position];
  if (step === undefined) return void change(value);
  if (!step.startsWith(ON_TYPE)) return void changeAt(ownValue(value, step), path, position + 1, change, types);
  const { __typename: typename } = value;
  // A subgraph is not asked for the name where every possible type is meant.
  if (typename !== undefined && !types.isOfType(typename, step.slice(ON_TYPE.length))) return;
  changeAt(value, path, position + 1, change, types);
}

/** The path in the client's terms of one in a subgraph's: renamed fields have their names back. */
export function renamedPath(path: Path, rewrites: readonly FetchDataRewrite[] | undefined): Path {
  return (rewrites ?? []).reduce<Path>((known, rewrite) => {
    if (rewrite.kind !== 'KeyRenamer') return known;
    const fields = rewrite.path.filter((step) => !step.startsWith(ON_TYPE));
    const positions = [...known.keys()].filter((position) => typeof known[position] === 'string');
    const last = positions[fields.length - 1];
    const isMeant = last !== undefined && fields.every((field, index) => known[positions[index] ?? -1] === field);
    return isMeant ? known.map((step, position) => (position === last ? rewrite.renameKeyTo : step)) : known;
  }, path);
}
