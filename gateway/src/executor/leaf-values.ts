import {
  type GraphQLLeafType,
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  isEnumType,
} from 'graphql';

type IsValid = (value: unknown) => boolean;

const MAX_INT = 2 ** 31 - 1;
const MIN_INT = -(2 ** 31);

/** How the built-in scalars look in an answer (https://spec.graphql.org/October2021/#sec-Scalars.Built-in-Scalars). */
const BUILT_IN: Readonly<Record<string, IsValid>> = {
  [GraphQLInt.name]: (value) => Number.isInteger(value) && Number(value) <= MAX_INT && Number(value) >= MIN_INT,
  [GraphQLFloat.name]: (value) => Number.isFinite(value),
  [GraphQLString.name]: (value) => typeof value === 'string',
  [GraphQLBoolean.name]: (value) => typeof value === 'boolean',
  [GraphQLID.name]: (value) => typeof value === 'string' || Number.isInteger(value),
};

/** Whether a value, which is not null, is one of the type; of other scalars only their subgraph knows. */
export function isValidLeaf(type: GraphQLLeafType): IsValid {
  if (!isEnumType(type)) return BUILT_IN[type.name] ?? (() => true);
  const names = new Set(type.getValues().map(({ name }) => name));
  return (value) => typeof value === 'string' && names.has(value);
}
