import {
  type GraphQLInputType,
  type GraphQLField,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLNamedInputType,
} from 'graphql';

/** A place in the variables of an operation: names of arguments and fields, and 0 for what is in a list. */
export type InputPath = readonly (string | number)[];

/** Somewhere a value can be given to a mutation. */
export interface InputLeaf {
  readonly path: InputPath;
  /** Without non-null and list. */
  readonly type: GraphQLNamedInputType;
  readonly isRequired: boolean;
}

/** Every place of every argument of a field, each input object before what is in it. */
export function leavesOf(field: GraphQLField<unknown, unknown>): InputLeaf[] {
  return field.args.flatMap(({ name, type, defaultValue }) => leavesAt([name], type, defaultValue !== undefined));
}

function leavesAt(path: InputPath, type: GraphQLInputType, hasDefault: boolean): InputLeaf[] {
  if (isNonNullType(type)) {
    const [first, ...rest] = leavesAt(path, type.ofType, hasDefault);
    return first ? [{ ...first, isRequired: !hasDefault }, ...rest] : rest;
  }
  if (isListType(type)) return leavesAt([...path, 0], type.ofType, false);
  const leaf = { path, type, isRequired: false };
  if (!isInputObjectType(type)) return [leaf];
  const fields = Object.values(type.getFields());
  return [leaf, ...fields.flatMap((one) => leavesAt([...path, one.name], one.type, one.defaultValue !== undefined))];
}

/**
 * Variables that have what a mutation requires, and what is above `target`.
 * @param valueOf What to give at a place that is neither object nor list.
 */
export function variablesFor(
  field: GraphQLField<unknown, unknown>,
  target: InputPath,
  valueOf: (leaf: InputLeaf) => unknown,
): Record<string, unknown> {
  const wanted = (path: InputPath, type: GraphQLInputType, defaultValue: unknown) =>
    (isNonNullType(type) && defaultValue === undefined) || path.every((part, index) => part === target[index]);

  function build(path: InputPath, type: GraphQLInputType): unknown {
    if (isNonNullType(type)) return build(path, type.ofType);
    if (isListType(type)) return [build([...path, 0], type.ofType)];
    if (!isInputObjectType(type)) return valueOf({ path, type, isRequired: true });
    const fields = Object.values(type.getFields()).map((one) => ({ ...one, path: [...path, one.name] }));
    const given = fields.filter((one) => wanted(one.path, one.type, one.defaultValue));
    return Object.fromEntries(given.map((one) => [one.name, build(one.path, one.type)]));
  }

  const given = field.args.filter(({ name, type, defaultValue }) => wanted([name], type, defaultValue));
  return Object.fromEntries(given.map(({ name, type }) => [name, build([name], type)]));
}

/** A copy of variables with another value at a place that they have. */
export function withValue(
  variables: Record<string, unknown>,
  path: InputPath,
  value: unknown,
): Record<string, unknown> {
  const copy = structuredClone(variables);
  let holder: Record<string | number, unknown> = copy;
  for (const part of path.slice(0, -1)) holder = holder[part] as Record<string | number, unknown>;
  holder[path.at(-1) ?? ''] = value;
  return copy;
}
