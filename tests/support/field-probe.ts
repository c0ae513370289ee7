import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  getNamedType,
} from 'graphql';

const SCALARS: Readonly<Record<string, string>> = {
  Boolean: 'true',
  CountryCode: '"PT"',
  CurrencyCode: '"EUR"',
  DateTime: '"2026-01-01T00:00:00Z"',
  Decimal: '"1.00"',
  Float: '1',
  ID: '"nothing_01jz0000000000000000000000"',
  Int: '1',
  Long: '1',
  String: '"nothing at all"',
};

/** An operation that asks for one root field, with arguments that fit the schema and name nothing that exists. */
export function probe(schema: GraphQLSchema, operation: 'Query' | 'Mutation', name: string): string {
  const field = schema.getType(operation);
  if (!field || !('getFields' in field)) throw new Error(`no type ${operation}`);
  const definition = field.getFields()[name];
  if (!definition || !('args' in definition)) throw new Error(`no field ${name}`);
  const given = definition.args.filter(isRequired).map((argument) => `${argument.name}: ${literal(argument.type)}`);
  const args = given.length > 0 ? `(${given.join(', ')})` : '';
  const selection = isLeafType(getNamedType(definition.type)) ? '' : ' { __typename }';
  return `${operation.toLowerCase()} { ${name}${args}${selection} }`;
}

function isRequired({ type, defaultValue }: Pick<GraphQLArgument, 'type' | 'defaultValue'>): boolean {
  return isNonNullType(type) && defaultValue === undefined;
}

function literal(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(type.ofType);
  if (isListType(type)) return `[${literal(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(isRequired);
    return `{ ${fields.map((field) => `${field.name}: ${literal(field.type)}`).join(', ')} }`;
  }
  const value = SCALARS[type.name];
  if (value === undefined) throw new Error(`no value for ${type.name}`);
  return value;
}
