import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNullableType,
  GraphQLError,
  type GraphQLInterfaceType,
  type GraphQLLeafType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
} from 'graphql';
// Not public, but what the executor of graphql-js itself selects by.
import { collectFields, collectSubfields } from 'graphql/execution/collectFields';
import { type Entity, isObject, ownValue, type Path } from './entities';
import { isValidLeaf } from './leaf-values';
import { clientName } from './response-names';
import { writeName, writeValue } from './written-json';

/** A value that does not fit its field, or is missing where the schema promises one. */
export interface Misfit {
  readonly path: Path;
  readonly message: string;
}

/** One writing of an answer. */
interface Writing {
  /** From the field itself outwards while they are collected. */
  readonly misfits: { path: (string | number)[]; message: string }[];
  /** Answers of `__schema` and `__type`, by response name. */
  readonly introspected: Entity;
}

/** The JSON of a value; undefined where null would break the promise of a non-null type, so that the parent is null. */
type Write = (value: unknown, writing: Writing) => string | undefined;

/** An answer in the shape that the operation asks for. */
export interface ShapedAnswer {
  /** The data as JSON. */
  readonly text: string;
  readonly misfits: readonly Misfit[];
}

/** Writes the answer to an operation from what subgraphs have answered. */
export type WriteAnswer = (data: Entity, introspected: Entity) => ShapedAnswer;

interface ShapedOperation {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  /** Values of the variables that decide which fields are selected. */
  readonly conditions: Record<string, unknown>;
}

/**
 * Compiles what an answer looks like: fields in the order of the operation, values completed by their types, null
 * where the specification puts it (https://spec.graphql.org/October2021/#sec-Handling-Field-Errors).
 */
export function compileShape(shaped: ShapedOperation): WriteAnswer {
  const { schema, operation, fragments, conditions } = shaped;
  const rootType = schema.getRootType(operation.operation);
  if (!rootType) throw new GraphQLError(`The schema has no ${operation.operation}.`);
  const write = objectOf(
    rootType,
    collectFields(schema, fragments, conditions, rootType, operation.selectionSet),
    shaped,
  );
  return (data, introspected) => {
    const writing: Writing = { misfits: [], introspected };
    return { text: write(data, writing) ?? 'null', misfits: writing.misfits };
  };
}

interface ShapedField {
  readonly responseName: string;
  readonly prefix: string;
  readonly read: (entity: Entity, writing: Writing) => unknown;
  readonly write: Write;
}

type FieldsByName = ReadonlyMap<string, readonly FieldNode[]>;

function objectOf(type: ObjectLike, selected: FieldsByName, shaped: ShapedOperation): Write {
  const fields = [...selected].map(([responseName, nodes], index): ShapedField => ({
    responseName,
    prefix: writeName(clientName(responseName), index),
    ...valueOf(type, responseName, nodes, shaped),
  }));
  return (value, writing) => {
    if (!isObject(value)) return misfit(writing, `${type.name} cannot represent what was answered.`);
    let text = '{';
    for (const { responseName, prefix, read, write } of fields) {
      const known = writing.misfits.length;
      const part = write(read(value, writing), writing);
      if (writing.misfits.length > known) locate(writing, known, responseName);
      if (part === undefined) return 'null';
      text += prefix + part;
    }
    return `${text}}`;
  };
}

function valueOf(
  parent: ObjectLike,
  responseName: string,
  nodes: readonly FieldNode[],
  shaped: ShapedOperation,
): Pick<ShapedField, 'read' | 'write'> {
  const name = nodes[0]?.name.value ?? '';
  if (name === '__typename') {
    const text = isObjectType(parent) ? JSON.stringify(parent.name) : null;
    const unknown = `Nobody knows of which type this ${parent.name} is.`;
    return { read: () => null, write: (_value, writing) => text ?? broken(writing, unknown) };
  }
  if (name === '__schema' || name === '__type') {
    return { read: (_entity, { introspected }) => introspected[responseName], write: (value) => JSON.stringify(value) };
  }
  const field = parent.getFields()[name];
  // The operation has been validated.
  if (!field) throw new Error(`${parent.name} has no field ${name}`);
  return {
    read: (entity) => ownValue(entity, responseName),
    write: typed(field.type, `${parent.name}.${name}`, nodes, shaped),
  };
}

/** @param where Names the field in messages. */
function typed(type: GraphQLOutputType, where: string, nodes: readonly FieldNode[], shaped: ShapedOperation): Write {
  const write = nullable(getNullableType(type), where, nodes, shaped);
  if (!isNonNullType(type)) {
    return (value, writing) => (value === null || value === undefined ? 'null' : write(value, writing));
  }
  return (value, writing) => {
    const known = writing.misfits.length;
    const text = value === null || value === undefined ? 'null' : write(value, writing);
    if (text !== 'null') return text;
    if (writing.misfits.length === known) misfit(writing, `Cannot return null for non-nullable field ${where}.`);
    return undefined;
  };
}

function nullable(
  type: ReturnType<typeof getNullableType>,
  where: string,
  nodes: readonly FieldNode[],
  shaped: ShapedOperation,
): Write {
  if (isListType(type)) return listOf(typed(type.ofType as GraphQLOutputType, where, nodes, shaped), where);
  if (isLeafType(type)) return leafOf(type, where);
  if (isObjectType(type)) return objectOf(type, subfieldsOf(type, nodes, shaped), shaped);
  if (isAbstractType(type)) return abstractOf(type.name, where, nodes, shaped);
  throw new Error(`${where} has no output type`);
}

function listOf(write: Write, where: string): Write {
  return (value, writing) => {
    if (!Array.isArray(value)) return misfit(writing, `${where} is no list.`);
    let text = '[';
    for (let index = 0; index < value.length; index += 1) {
      const known = writing.misfits.length;
      const element = write(value[index], writing);
      if (writing.misfits.length > known) locate(writing, known, index);
      if (element === undefined) return 'null';
      text += index === 0 ? element : `,${element}`;
    }
    return `${text}]`;
  };
}

function leafOf(type: GraphQLLeafType, where: string): Write {
  const isValid = isValidLeaf(type);
  // What JSON has no better word for is written as it is, where it is valid: strings are the most frequent.
  return (value, writing) => {
    if (!isValid(value)) return misfit(writing, `${where} cannot represent what was answered.`);
    return writeValue(value);
  };
}

/**
 * Compiles for each type when its first value comes: an interface may have hundreds. It may be the type itself, when
 * only a subgraph has answered that knows no more of it (`@interfaceObject`): then its own fields are all there are.
 */
function abstractOf(abstract: string, where: string, nodes: readonly FieldNode[], shaped: ShapedOperation): Write {
  const { schema } = shaped;
  const writes = new Map<string, Write>();
  const compile = (typename: string): Write => {
    const type = schema.getType(typename);
    const expected = schema.getType(abstract);
    const isMeant =
      type === expected || (isAbstractType(expected) && isMember(type) && schema.isSubType(expected, type));
    if (isMember(type) && isMeant) return objectOf(type, subfieldsOf(type, nodes, shaped), shaped);
    return (_value, writing) => misfit(writing, `${where} is of no type that it can be.`);
  };
  return (value, writing) => {
    if (!isObject(value)) return misfit(writing, `${where} cannot represent what was answered.`);
    // A subgraph for which it is no abstract type is not asked of which type it is.
    const { __typename: typename = abstract } = value;
    let write = writes.get(String(typename));
    if (!write) {
      write = compile(String(typename));
      // Names come from subgraphs: only those of the schema are worth keeping.
      if (schema.getType(String(typename))) writes.set(String(typename), write);
    }
    return write(value, writing);
  };
}

type ObjectLike = GraphQLObjectType | GraphQLInterfaceType;

function isMember(type: GraphQLNamedType | undefined): type is ObjectLike {
  return isObjectType(type) || isInterfaceType(type);
}

function subfieldsOf(
  type: ObjectLike,
  nodes: readonly FieldNode[],
  { schema, fragments, conditions }: ShapedOperation,
): FieldsByName {
  // It compares types, and asks which are possible: that an interface can be one is only not foreseen.
  return collectSubfields(schema, fragments, conditions, type as GraphQLObjectType, nodes);
}

/** A misfit where null is no way out. */
function broken(writing: Writing, message: string): undefined {
  misfit(writing, message);
}

function misfit({ misfits }: Writing, message: string): 'null' {
  misfits.push({ path: [], message });
  return 'null';
}

/** Says of the misfits since `known` that they are within `key`. */
function locate({ misfits }: Writing, known: number, key: string | number): void {
  for (const { path } of misfits.slice(known)) path.unshift(key);
}
