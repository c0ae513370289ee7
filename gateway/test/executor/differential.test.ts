import { parse, validate } from 'graphql';
import { type ComparableAnswer, startBoth } from './in-process';
import { FEDERATION, MADE_UP_GRAPH, madeUpSubgraph } from './made-up-graph';
import { randomFrom, randomOperation } from './random-operations';

/** For each of the moods; more with OPERATIONS in the environment. */
const OPERATIONS = Number(process.env.OPERATIONS ?? 30);

/** Ours says that a value does not fit, the stock executor puts null and says nothing that a client would read. */
const SAID_BY_US = /(Cannot return null for non-nullable field|cannot represent what was answered|of which type)/;

/**
 * Where a subgraph that knows an interface only (`@interfaceObject`) says of which type an entity is, the stock
 * executor takes its word over that of those who know better, and loses the fields of the real type.
 */
const LOSES_TYPES = /^reviews: .*(best|item|on Item(@\w+\([^)]*\))?)\{__typename/;

function start(moods: { nulls: number; errors: number; missing: number }) {
  const schemas = Object.fromEntries(Object.keys(MADE_UP_GRAPH).map((name) => [name, madeUpSubgraph(name, moods)]));
  return startBoth(MADE_UP_GRAPH, schemas, FEDERATION);
}

it.each([
  ['behave', { nulls: 0, errors: 0, missing: 0 }],
  ['answer nulls', { nulls: 150, errors: 0, missing: 0 }],
  ['answer nulls and errors', { nulls: 80, errors: 60, missing: 0 }],
  ['miss entities', { nulls: 50, errors: 30, missing: 100 }],
])('both executors answer the same when subgraphs %s', async (_what, moods) => {
  const both = await start(moods);
  let compared = 0;
  for (let seed = 1; compared < OPERATIONS; seed += 1) {
    const { query, variables } = randomOperation(both.schema, randomFrom(seed));
    if (validate(both.schema, parse(query)).length > 0) continue;
    compared += 1;
    both.sent.length = 0;
    const [stock, ours] = [await both.stock(query, variables), await both.ours(query, variables)];
    const show = { seed, query, variables };
    const errors = ours.errors.filter((error) => !SAID_BY_US.test(error) || stock.errors.includes(error));
    if (both.sent.some((call) => LOSES_TYPES.test(call))) {
      expect({ ...show, lost: lostFrom(stock, ours) }).toEqual({ ...show, lost: [] });
    } else {
      expect({ ...show, data: ours.data, errors }).toEqual({ ...show, ...stock });
    }
  }
});

/** What the stock executor answers and ours does not. */
function lostFrom(stock: ComparableAnswer, ours: ComparableAnswer): string[] {
  const lost: string[] = [];
  const compare = (left: unknown, right: unknown, path: string): void => {
    if (left === null || left === undefined) return;
    if (typeof left !== 'object') return void (left === right || lost.push(path));
    if (typeof right !== 'object' || right === null) return void lost.push(path);
    for (const [key, value] of Object.entries(left)) {
      compare(value, (right as Record<string, unknown>)[key], `${path}/${key}`);
    }
  };
  compare(stock.data, ours.data, '');
  return lost;
}
