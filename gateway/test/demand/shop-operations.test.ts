import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  getNamedType,
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  parse,
  typeFromAST,
} from 'graphql';
import { loadConfig } from '../../src/config';
import { CostEstimator } from '../../src/demand/cost-estimator';
import { readCostWeights } from '../../src/demand/cost-weights';

const read = (path: string) => readFileSync(join(__dirname, '../../..', path), 'utf8');
const supergraph = read('schema/supergraph.graphql');
const schema = buildSchema(read('schema/api.graphql'));
const clientOperations = Object.values(
  JSON.parse(read('packages/client/persisted-queries.json')) as Record<string, { name: string; body: string }>,
).map(({ name, body }) => [name, body] as const);
const config = loadConfig({ SIGNING_KEYS: `a:${'k'.repeat(32)}` });
const estimator = new CostEstimator(config.COST_LIST_SIZE);
estimator.takeOver(schema, supergraph);

/** The longest page that the shop gives, and otherwise something of everything, in lists ten times. */
function valueFor(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return valueFor(type.ofType);
  if (isListType(type)) return Array<unknown>(10).fill(valueFor(type.ofType));
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    return Object.fromEntries(Object.values(type.getFields()).map((field) => [field.name, valueFor(field.type)]));
  }
  return type.name === 'Int' ? 100 : type.name === 'Boolean' ? true : 'x';
}

function costOf(body: string): number {
  const document = parse(body);
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('there is no operation');
  const variables = Object.fromEntries(
    (operation.variableDefinitions ?? []).map(({ variable, type }) => [
      variable.name.value,
      valueFor(typeFromAST(schema, type) as GraphQLInputType),
    ]),
  );
  return estimator.estimate({ schema, document, operation, queryHash: body, variables }).cost;
}

describe('an operation of the client', () => {
  it.each(clientOperations)('(%s) costs what one may cost, with the longest pages', (_name, body) => {
    const cost = costOf(body);
    expect(cost).toBeGreaterThan(0);
    expect(cost).toBeLessThan(config.MAX_OPERATION_COST);
  });
});

describe('the shop', () => {
  const connections = (schemaOf: GraphQLSchema) =>
    Object.values(schemaOf.getTypeMap()).flatMap((type) =>
      'getFields' in type && !isInputObjectType(type)
        ? Object.values(type.getFields())
            .filter((field) => getNamedType(field.type).name.endsWith('Connection'))
            .map((field) => `${type.name}.${field.name}`)
        : [],
    );

  it('says of every connection how long its pages are', () => {
    const { listSizes } = readCostWeights(supergraph);
    expect([...listSizes.keys()].sort()).toEqual(connections(schema).sort());
    for (const listSize of listSizes.values()) {
      expect(listSize).toEqual({
        assumedSize: 20,
        slicingArguments: ['first', 'last'],
        sizedFields: new Set(['edges']),
        requireOneSlicingArgument: false,
      });
    }
  });

  it('says of what is dear what it costs', () => {
    const { weights } = readCostWeights(supergraph);
    expect(weights.get('Mutation.checkout')).toBe(50);
    expect(weights.get('Mutation.login')).toBe(20);
    expect(weights.get('UserFilter.search')).toBe(10);
  });

  it('has a page of products with all their variants and stock for less than may be spent at once', () => {
    const page =
      '{ products(first: 100) { edges { node { variants(first: 10) { edges { node { availability { quantity } } } } } } } }';
    // 100 times edge, product and connection, and 10 times edge, variant and availability in each.
    expect(costOf(page)).toBe(1 + 100 * (3 + 10 * 3));
  });

  it('costs more than anybody may spend where pages are within long pages', () => {
    const deep =
      '{ products(first: 100) { edges { node { variants(first: 100) { edges { node { product { variants(first: 100) { edges { cursor } } } } } } } } } }';
    expect(costOf(deep)).toBeGreaterThan(config.MAX_OPERATION_COST);
  });
});
