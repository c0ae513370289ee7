import { weigher } from './weighed-graph';

const weigh = weigher();
const costOf = (query: string, variables: Record<string, unknown> = {}) => weigh(query, variables).cost;

describe('an operation costs', () => {
  it.each<[string, number, string, Record<string, unknown>?]>([
    ['nothing for leaves', 0, '{ __typename }'],
    ['1 for each object, and nothing for its leaves', 1, '{ cat { name } }'],
    ['1 for each of several objects', 1 + 1, '{ cat { name } other: cat { name } }'],
    ['the weight of a leaf', 1 + 4, '{ cat { lives } }'],
    ['the weight of a field instead of that of its type', 1 + 7, '{ cat { owner { name } } }'],
    ['the weight of a type', 1 + 2 * 3, '{ cat { friends { name } } }'],
    ['the weights of enums and scalars', 1 + 7 + 2 + 5, '{ cat { owner { mood secret } } }'],
    ['10 for each mutation, beside its fields', 10 + 1 + 100, 'mutation { rename { name } pay { name } }'],
    ['what is under every alias', 3 * 50, '{ a: dear { name } b: dear { name } c: dear { name } }'],
    ['once what is selected twice under one name', 50 + 4, '{ dear { lives } dear { lives name } }'],
    [
      'nothing for introspection',
      0,
      '{ __schema { types { fields { type { name } } } } __type(name: "Cat") { name } }',
    ],
  ])('%s', (_rule, cost, query, variables = {}) => {
    expect(costOf(query, variables)).toBe(cost);
  });
});

describe('a list costs as often as it has items', () => {
  it.each<[string, number, string, Record<string, unknown>?]>([
    ['10 of which nothing is said', 10, '{ cats { name } }'],
    ['none of leaves', 0, '{ names }'],
    ['of leaves with a weight', 4 * 2, '{ numbers }'],
    ['the square of that, for a list of lists', 100, '{ board { name } }'],
    ['the assumed size', 5 * (1 + 4), '{ five { lives } }'],
    ['what a slicing argument says', 3, '{ sliced(first: 3) { name } }'],
    ['what its variable says', 7, 'query ($n: Int) { sliced(first: $n) { name } }', { n: 7 }],
    ['what the default of its variable says', 8, 'query ($n: Int = 8) { sliced(first: $n) { name } }'],
    ['what the schema says by default', 30, '{ defaulted { name } }'],
    ['10 for null', 10, 'query ($n: Int) { sliced(first: $n) { name } }', { n: null }],
    ['10 without the variable', 10, 'query ($n: Int) { sliced(first: $n) { name } }'],
    ['nothing for 0', 0, '{ sliced(first: 0) { name } }'],
    ['10 for what is negative', 10, '{ sliced(first: -5) { name } }'],
    [
      'what a path of a literal says, and 1 for each input object',
      6 + 2,
      '{ nested(search: { page: { first: 6 } }) { name } }',
    ],
    [
      'what a path of a literal with a variable says',
      9 + 2,
      'query ($n: Int) { nested(search: { page: { first: $n } }) { name } }',
      { n: 9 },
    ],
    [
      'what a path of a variable says',
      4 + 2,
      'query ($s: Search) { nested(search: $s) { name } }',
      { s: { page: { first: 4 } } },
    ],
    [
      '10 where the path ends early',
      10 + 1,
      'query ($s: Search) { nested(search: $s) { name } }',
      { s: { page: null } },
    ],
    ['the fields that are sized', 1 + 3 * (1 + 1), '{ pages(first: 3) { edges { node { name } } } }'],
    ['each of the fields that are sized', 1 + 3 + 3, '{ pages(last: 3) { edges { __typename } nodes { name } } }'],
    ['the greatest of several', 1 + 9, '{ pages(first: 2, last: 9) { nodes { name } } }'],
    ['the assumed size where no argument says more', 1 + 20, '{ pages { nodes { name } } }'],
    ['but fields that are not sized 10', 1 + 10 + 1, '{ pages(first: 2) { others { name } pageInfo { more } } }'],
    [
      'through fragments',
      1 + 3 * (1 + 1),
      '{ pages(first: 3) { ...P } } fragment P on CatConnection { ... { edges { node { ...C } } } } fragment C on Cat { name }',
    ],
    ['levels multiplied', 1 + 100 * (1 + 1 + 2 * 3), '{ pages(first: 100) { edges { node { friends { name } } } } }'],
  ])('%s', (_rule, cost, query, variables = {}) => {
    expect(costOf(query, variables)).toBe(cost);
  });
});

describe('where a value can be of several types it costs', () => {
  it.each<[string, number, string]>([
    ['the dearest type', 3, '{ named { name } }'],
    ['the dearest of what is selected on each', 1 + 7 + 4, '{ named { ... on Cat { lives owner { name } } } }'],
    ['not the sum', 3 + 2 + 5, '{ named { ... on Cat { lives } ... on Person { mood secret } } }'],
    ['the same in unions, for each item', 3 * (1 + 7), '{ found { ... on Cat { owner { name } } } }'],
    ['what an interface says of a list that its types are silent about', 3 + 2 * 3, '{ named { friends { name } } }'],
  ])('%s', (_rule, cost, query) => {
    expect(costOf(query)).toBe(cost);
  });
});

describe('arguments cost', () => {
  // `exact` is true unless given, and weighs 6.
  it.each<[string, number, string, Record<string, unknown>?]>([
    ['what their defaults cost', 6, '{ weigh }'],
    ['nothing where they are null', 0, '{ weigh(exact: null) }'],
    ['1 for an input object and the weight of its fields', 6 + 1 + 8, '{ weigh(text: { contains: "a" }) }'],
    ['nothing for fields that are null', 6 + 1, '{ weigh(text: { contains: null }) }'],
    ['the weight of an enum, in fields too', 6 + 2 + 1 + 2, '{ weigh(mood: BAD, text: { mood: GOOD }) }'],
    ['every item of a list', 6 + 3 * 1 + 2 * 8, '{ weigh(texts: [{ contains: "a" }, { contains: "b" }, {}]) }'],
    [
      'what is nested',
      6 + (1 + 8) + 2 * (1 + 8),
      '{ weigh(text: { contains: "a", and: [{ contains: "b" }, { contains: "c" }] }) }',
    ],
    [
      'what variables hold',
      6 + (1 + 8) + (1 + 8) + 2 * 1,
      'query ($t: Text, $l: [Text!], $c: String) { weigh(text: $t, texts: [{ contains: $c }]) b: weigh(texts: $l, exact: null) }',
      { t: { contains: 'a' }, l: [{}, {}], c: 'x' },
    ],
    [
      'once for each field that they are given to',
      2 * 9,
      'query ($t: Text) { a: weigh(text: $t, exact: null) b: weigh(text: $t, exact: null) }',
      { t: { contains: 'a' } },
    ],
    ['one item where a list is expected', 9, '{ weigh(texts: { contains: "a" }, exact: null) }'],
    ['less than nothing, but no field does', 0, '{ cheap(approximately: true) { name } }'],
    ['and what is below such a field costs as ever', 4, '{ cheap(approximately: true) { lives } }'],
    ['and such a field as ever without it', 30, '{ cheap { name } }'],
  ])('%s', (_rule, cost, query, variables = {}) => {
    expect(costOf(query, variables)).toBe(cost);
  });
});

describe('@skip and @include', () => {
  const query = 'query ($yes: Boolean!) { dear @include(if: $yes) { name } cats @skip(if: $yes) { name } }';

  it('leave out what is not selected, by each value of their variables', () => {
    expect([true, false, true, false].map((yes) => costOf(query, { yes }))).toEqual([50, 10, 50, 10]);
    expect(costOf('{ dear @skip(if: true) { name } cat @include(if: true) { name } }')).toBe(1);
    expect(
      costOf(
        'query ($no: Boolean = false) { ...F @include(if: $no) cat { name } } fragment F on Query { dear { name } }',
      ),
    ).toBe(1);
  });
});

describe('of several operations', () => {
  it('the one that is asked for is weighed', () => {
    const query = 'query A { dear { name } } query B { cat { name } }';
    expect([weigh(query, {}, 'A').cost, weigh(query, {}, 'B').cost, weigh(query, {}, 'A').cost]).toEqual([50, 1, 50]);
  });
});

describe('where exactly one slicing argument is required', () => {
  const PROBLEM = ['Query.strict needs exactly one of first, last.'];

  it.each<[string, readonly string[], string, Record<string, unknown>?]>([
    ['one will do', [], '{ strict(first: 1) { edges { __typename } } }'],
    ['none is a problem', PROBLEM, '{ strict { edges { __typename } } }'],
    ['none is a problem even where no list is selected', PROBLEM, '{ strict { pageInfo { more } } }'],
    ['two are a problem', PROBLEM, '{ strict(first: 1, last: 1) { edges { __typename } } }'],
    ['a variable that is null is none', PROBLEM, 'query ($n: Int) { strict(first: $n) { __typename } }', { n: null }],
    ['a variable that is not null is one', [], 'query ($n: Int) { strict(first: $n) { __typename } }', { n: 1 }],
  ])('%s', (_rule, problems, query, variables = {}) => {
    expect(weigh(query, variables).problems).toEqual(problems);
  });
});

describe('an operation whose variables are wrong', () => {
  it('costs nothing, because it is not executed', () => {
    expect(weigh('query ($n: Int!) { sliced(first: $n) { name } }', { n: 'many' })).toEqual({ cost: 0, problems: [] });
  });
});
