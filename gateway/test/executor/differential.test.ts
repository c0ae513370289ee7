import { parse, validate } from 'graphql';
import { type ComparableAnswer, startBoth } from './in-process';
import { FEDERATION, MADE_UP_GRAPH, madeUpSubgraph, type Moods } from './made-up-graph';
import { randomFrom, randomOperation } from './random-operations';

/** Each is planned once and executed in every mood: planning takes most of the time. */
const OPERATIONS = Number(process.env.OPERATIONS ?? 400);
/** Of the first; those that fail say which they are. */
const SEED = Number(process.env.SEED ?? 1);

jest.setTimeout(90_000 + OPERATIONS * 1_000);

/** All that may differ. */
const KNOWN_DIFFERENCES = {
  /** Ours says that a value does not fit, the stock executor puts null and says nothing that a client would read. */
  saidByUs: /(Cannot return null for non-nullable field|cannot represent what was answered|of which type)/,
  /**
   * Where a subgraph that knows an interface only (`@interfaceObject`) says of which type an entity is, the stock
   * executor takes its word over that of those who know better, and loses the fields of the real type.
   */
  losesTypes: /^reviews: .*(best|item|on Item(@\w+\([^)]*\))?)\{__typename/,
  /** In lists within lists of which only some elements are asked about, the stock executor counts the lists wrong. */
  miscountsLists: /\.\d+\.\d+(?=[.:])/g,
};

const MOODS: readonly (Moods & { readonly what: string; readonly down?: number })[] = [
  { what: 'behave', nulls: 0, errors: 0, missing: 0 },
  { what: 'answer nulls', nulls: 150, errors: 0, missing: 0 },
  { what: 'answer nulls and errors', nulls: 80, errors: 60, missing: 0 },
  { what: 'miss entities', nulls: 50, errors: 30, missing: 100 },
  { what: 'are down, one of them', nulls: 0, errors: 0, missing: 0, down: 1 },
];

const names = Object.keys(MADE_UP_GRAPH);
const mood: Moods = { nulls: 0, errors: 0, missing: 0 };
const operations: { readonly seed: number; readonly query: string; readonly variables: Record<string, unknown> }[] = [];
let both: Awaited<ReturnType<typeof startBoth>>;
beforeAll(async () => {
  both = await startBoth(
    MADE_UP_GRAPH,
    Object.fromEntries(names.map((name) => [name, madeUpSubgraph(name, mood)])),
    FEDERATION,
  );
  for (let seed = SEED; operations.length < OPERATIONS; seed += 1) {
    const { query, variables } = randomOperation(both.schema, randomFrom(seed));
    if (validate(both.schema, parse(query)).length === 0) operations.push({ seed, query, variables });
  }
});

it.each(MOODS)('both executors answer the same when subgraphs $what', async ({ what: _what, down, ...moods }) => {
  Object.assign(mood, moods);
  for (const { seed, query, variables } of operations) {
    const isDown = down === undefined ? [] : [names[seed % names.length] ?? ''];
    both.down.clear();
    for (const name of isDown) both.down.add(name);
    both.sent.length = 0;
    const [stock, ours] = [await both.stock(query, variables), await both.ours(query, variables)];
    const show = { seed, query, variables, isDown };
    const errors = ours.errors.filter(
      (error) => !KNOWN_DIFFERENCES.saidByUs.test(error) || stock.errors.includes(error),
    );
    if (both.sent.some((call) => KNOWN_DIFFERENCES.losesTypes.test(call))) {
      expect({ ...show, lost: lostFrom(stock, ours) }).toEqual({ ...show, lost: [] });
    } else if (isDown.length > 0) {
      // Where an error stands that names no place is up to the client of the subgraph.
      expect({ ...show, data: ours.data, fails: errors.length > 0 }).toEqual({
        ...show,
        data: stock.data,
        fails: stock.errors.length > 0,
      });
    } else {
      const misplaced = errors.filter((error) => !isAboutNull(ours.data, error));
      expect({ ...show, data: ours.data, errors: uncounted(errors), misplaced }).toEqual({
        ...show,
        data: stock.data,
        errors: uncounted(stock.errors),
        misplaced: [],
      });
    }
  }
});

function uncounted(errors: readonly string[]): string[] {
  return errors.map((error) => error.replace(KNOWN_DIFFERENCES.miscountsLists, '.*.*')).sort();
}

/** Whether there is null where an error says that something is missing. */
function isAboutNull(data: unknown, error: string): boolean {
  const path = error.slice(0, error.indexOf(':')).split('.');
  const value = path.reduce<unknown>((at, step) => (at as Record<string, unknown> | null)?.[step] ?? null, data);
  return value === null;
}

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
