import { buildSchema, Kind, parse } from 'graphql';
import { CostEstimator } from '../../src/demand/cost-estimator';
import { weigher } from './weighed-graph';

const weigh = weigher();

/** Generous: a machine may be busy. Without bounds these would take hours. */
const BOUND_MS = 20_000;

function timed<Value>(work: () => Value): Value {
  const start = performance.now();
  const value = work();
  expect(performance.now() - start).toBeLessThan(BOUND_MS);
  return value;
}

/** Each fragment has two fields with the next: twice as many fields with every level. */
function doubling(levels: number, leaf = 'lives'): string {
  const fragments = Array.from(
    { length: levels },
    (_, level) => `fragment F${level} on Cat { a: friends { ...F${level + 1} } b: friends { ...F${level + 1} } }`,
  );
  return `{ cat { ...F0 } } ${fragments.join(' ')} fragment F${levels} on Cat { ${leaf} }`;
}

/** Each fragment is spread twice by the one before, on one level. */
function repeated(levels: number): string {
  const fragments = Array.from(
    { length: levels },
    (_, level) => `fragment F${level} on Cat { ...F${level + 1} ...F${level + 1} }`,
  );
  return `{ cat { ...F0 } } ${fragments.join(' ')} fragment F${levels} on Cat { lives }`;
}

describe('however an operation is made', () => {
  it('fragments that double with every level are refused before they are written out', () => {
    expect(() => timed(() => weigh(doubling(40)))).toThrow('too many fields');
  });

  it('fragments that are spread again and again count once', () => {
    expect(timed(() => weigh(repeated(1_000)))).toEqual({ cost: 1 + 4, problems: [] });
  });

  it('a cost is a number, whatever is multiplied', () => {
    const level = (inner: string) => `pages: sliced(first: 2147483647) { ${inner} }`;
    expect(weigh(`{ ${level('lives')} }`).cost).toBe(2147483647 * 5);
    const nested = (depth: number): string => (depth === 0 ? 'id' : `all(first: 2147483647) { ${nested(depth - 1)} }`);
    const sdl = `
      directive @listSize(slicingArguments: [String!]) on FIELD_DEFINITION
      type Query { all(first: Int): [Node] @listSize(slicingArguments: ["first"]) }
      type Node { id: ID all(first: Int): [Node] @listSize(slicingArguments: ["first"]) }`;
    const schema = buildSchema(sdl);
    const estimator = new CostEstimator(10);
    estimator.takeOver(schema, sdl);
    const query = `{ ${nested(14)} }`;
    const document = parse(query);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('there is no operation');
    const { cost } = estimator.estimate({ schema, document, operation, queryHash: query, variables: {} });
    expect(cost).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each([[-1], [-2147483648]])('%d items are no way to pay less', (n) => {
    expect(weigh('query ($n: Int) { sliced(first: $n) { name } dear { name } }', { n }).cost).toBe(10 + 50);
  });

  it('a variable that is long is walked once, however often it is used', () => {
    const fields = Array.from({ length: 500 }, (_, index) => `a${index}: weigh(texts: $texts, exact: null)`);
    const texts = Array.from({ length: 20_000 }, () => ({ contains: 'a' }));
    const { cost } = timed(() => weigh(`query ($texts: [Text!]) { ${fields.join(' ')} }`, { texts }));
    expect(cost).toBe(500 * 20_000 * 9);
  });

  it('each value of its conditions has its own cost', () => {
    const names = Array.from({ length: 12 }, (_, index) => `c${index}`);
    const query = `query (${names.map((name) => `$${name}: Boolean!`).join(' ')}) {
      ${names.map((name) => `${name}: dear @include(if: $${name}) { name }`).join(' ')} }`;
    for (let bits = 0; bits < 4_096; bits += 97) {
      const variables = Object.fromEntries(names.map((name, index) => [name, ((bits >> index) & 1) === 1]));
      const included = Object.values(variables).filter(Boolean).length;
      expect(weigh(query, variables).cost).toBe(50 * included);
    }
  });
});
