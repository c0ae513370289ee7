import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { eventually } from '@shopgraph/kit/testing';
import { request } from 'undici';
import { type Shelf, startShelf, THING, THING_COST } from './shop-with-costs';

let shop: Shelf;
afterEach(() => shop.stop());

const bearer = async (sub: string) => ({ authorization: `Bearer ${await shop.token({ sub })}` });
const ask = async (sub: string | null, query = THING, variables: object = {}) =>
  shop.post({ query, variables }, { 'x-shopgraph-cost': 'true', ...(sub !== null && (await bearer(sub))) });
const costOf = ({ text }: { readonly text: string }) =>
  (JSON.parse(text) as { extensions?: { cost?: Record<string, number> } }).extensions?.cost;
const times = (count: number, status: number) => Array<number>(count).fill(status);
async function statuses(count: number, send: () => Promise<{ readonly status: number }>) {
  const answers = await Promise.all(Array.from({ length: count }, send));
  return answers.map(({ status }) => status).sort();
}

describe('where costs are enforced', () => {
  beforeEach(async () => {
    shop = await startShelf();
  });

  it('fifty requests at once never spend more than there is', async () => {
    expect(await statuses(50, () => ask('ada'))).toEqual([...times(10, 200), ...times(40, 429)]);
    expect((await ask('bob')).status).toBe(200);
    expect(shop.subgraphs.shelf?.calls).toHaveLength(11);
  });

  it('what is refused says when to come back, by budgets that have renamed directives behind them', async () => {
    await statuses(10, () => ask('ada'));
    shop.clock.advance(100);
    const { status, headers, text } = await ask('ada');
    expect(status).toBe(429);
    expect(headers).toMatchObject({
      'retry-after': '1',
      'ratelimit-limit': '1000',
      'ratelimit-remaining': '20',
      'ratelimit-reset': '5',
    });
    expect(JSON.parse(text)).toEqual({
      errors: [{ message: 'Too many requests: wait and repeat.', extensions: { code: 'RATE_LIMITED', retryAfter: 1 } }],
      extensions: { cost: { requested: 100, maximum: 1000, remaining: 20, restoreRate: 200 } },
    });
  });

  it('budgets come back over time, to their size and no further', async () => {
    await statuses(10, () => ask('ada'));
    shop.clock.advance(1_000);
    expect(await statuses(5, () => ask('ada'))).toEqual([...times(2, 200), ...times(3, 429)]);
    shop.clock.advance(3_600_000);
    expect(await statuses(12, () => ask('ada'))).toEqual([...times(10, 200), ...times(2, 429)]);
  });

  it('answers say what they cost when they are asked to', async () => {
    const pages = 'query ($n: Int) { things(first: $n) { nodes { name } } }';
    expect(costOf(await ask('ada', pages, { n: 50 }))).toEqual({
      requested: 51,
      maximum: 1000,
      remaining: 949,
      restoreRate: 200,
    });
    expect(costOf(await ask('ada', pages))).toMatchObject({ requested: 21, remaining: 928 });
    expect(costOf(await ask('ada', 'mutation { mend { name } }'))).toMatchObject({ requested: 11, remaining: 917 });
    expect(costOf(await ask(null))).toEqual({ requested: 100, maximum: 300, remaining: 200, restoreRate: 100 });
    expect(costOf(await shop.post({ query: THING }))).toBeUndefined();
  });

  it('an operation that costs more than its caller may ever spend is refused as such', async () => {
    const { status, errors, headers } = await ask('ada', '{ things(first: 2147483647) { nodes { name } } }');
    expect([status, headers['retry-after'], errors]).toEqual([
      400,
      undefined,
      [
        {
          message: 'The operation costs 2147483648; 1000 is the most that is allowed.',
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        },
      ],
    ]);
    expect(shop.subgraphs.shelf?.calls).toEqual([]);
  });

  it('aliases count each', async () => {
    const aliases = (count: number) =>
      `{ ${Array.from({ length: count }, (_, n) => `a${n}: thing { name }`).join(' ')} }`;
    expect(costOf(await ask('ada', aliases(7)))).toMatchObject({ requested: 700, remaining: 300 });
    expect((await ask('ada', aliases(4))).status).toBe(429);
    expect((await ask('ada', aliases(3))).status).toBe(200);
  });

  it('a slicing argument that the schema requires has to be there', async () => {
    const { status, errors } = await ask('ada', '{ sliced { name } }');
    expect([status, errors?.[0]?.message]).toEqual([400, 'Query.sliced needs exactly one of first.']);
    expect((await ask('ada', '{ sliced(first: 2) { name } }')).status).toBe(200);
  });

  it('persisted queries are paid for like others, and unknown ones cost a look', async () => {
    const sha256Hash = createHash('sha256').update(THING).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const remaining = async (body: object) =>
      (await shop.post(body, await bearer('ada'))).headers['ratelimit-remaining'];
    expect(await remaining({ extensions })).toBe('999');
    expect(await remaining({ query: THING, extensions })).toBe('899');
    expect(await remaining({ extensions })).toBe('799');
  });

  it('another version of the supergraph brings its own weights', async () => {
    const sdl = await readFile(shop.supergraphPath, 'utf8');
    expect(costOf(await ask('ada'))).toMatchObject({ requested: 100 });
    await writeFile(shop.supergraphPath, sdl.replace('@price(weight: 100)', '@price(weight: 7)'));
    await eventually(async () => expect(costOf(await ask('ada'))).toMatchObject({ requested: 7 }));
  });

  it('requests that come to nothing cost something, and those who have nothing left are not even read', async () => {
    const broken = [
      () => ask('ada', '{ nothing }'),
      () => ask('ada', '{ thing'),
      () => ask('ada', 'query ($n: Int) { things(first: $n) { nodes { name } } }', { n: 'x' }),
      async () => shop.post('not even an operation', await bearer('ada')),
      async () => shop.post({}, await bearer('ada')),
    ];
    for (const send of broken) await send();
    const { headers } = await ask('ada', '{ __typename }');
    expect(headers['ratelimit-remaining']).toBe('994');

    await statuses(10, () => ask('ada', '{ things(first: 99) { nodes { name } } }'));
    await statuses(100, () => ask('ada', '{ nothing }'));
    const { body, statusCode } = await request(shop.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await bearer('ada')) },
      body: '{ not JSON',
    });
    expect([statusCode, await body.json()]).toMatchObject([
      429,
      { errors: [{ extensions: { code: 'RATE_LIMITED' } }] },
    ]);
    shop.clock.advance(1_000);
    expect((await ask('ada')).status).toBe(200);
  });

  it('budgets hold in each gateway alone while Redis is away', async () => {
    shop.redis.disconnect();
    expect(await statuses(15, () => ask('ada'))).toEqual([...times(10, 200), ...times(5, 429)]);
  });
});

describe('requests of callers who are known', () => {
  it('are not counted where costs are enforced; those of addresses are', async () => {
    shop = await startShelf({ RATE_LIMIT_ANONYMOUS: '5/60', COST_BUDGET_USER: '1000/1' });
    expect(await statuses(40, () => ask('ada', '{ __typename }'))).toEqual(times(40, 200));
    expect(await statuses(8, () => ask(null, '{ __typename }'))).toEqual([...times(5, 200), ...times(3, 429)]);
  });

  it('are counted beside where a limit on them is set', async () => {
    shop = await startShelf({ RATE_LIMIT_USER: '5/60' });
    expect(await statuses(8, () => ask('ada', '{ __typename }'))).toEqual([...times(5, 200), ...times(3, 429)]);
  });
});

describe('a batch', () => {
  it('costs what its operations cost', async () => {
    shop = await startShelf({ MAX_BATCH_SIZE: '4' });
    await shop.post(Array<object>(4).fill({ query: THING }), await bearer('ada'));
    expect(costOf(await ask('ada'))).toMatchObject({ remaining: 1000 - 5 * THING_COST });
  });
});

describe('an operation that cannot be executed', () => {
  const operations: [string, object][] = [
    ['query ($on: Boolean = true) { thing @include(if: $on) { name } }', { on: null }],
    ['query ($n: Int) { things(first: $n) { nodes { name } } }', { n: 'x' }],
    ['query A { thing { name } } query B { thing { name } }', {}],
    ['subscription { thing { name } }', {}],
  ];
  const answersWith = async (DEMAND_CONTROL: string) => {
    shop = await startShelf({ DEMAND_CONTROL });
    const answers = await Promise.all(operations.map(([query, variables]) => shop.post({ query, variables })));
    return answers.map(({ status, errors }) => ({ status, errors }));
  };

  it('is answered as without demand control', async () => {
    const weighed = await answersWith('enforce');
    await shop.stop();
    expect(weighed).toEqual(await answersWith('off'));
  });
});

describe('the most that one operation may cost', () => {
  it('holds also where nothing is counted', async () => {
    shop = await startShelf({ RATE_LIMITS: 'off', MAX_OPERATION_COST: '99' });
    const { status, errors, text } = await ask('ada');
    expect([status, errors?.[0]?.message]).toEqual([400, 'The operation costs 100; 99 is the most that is allowed.']);
    expect(costOf({ text })).toEqual({ requested: 100 });
    expect(await statuses(20, () => ask('ada', '{ things(first: 9) { nodes { name } } }'))).toEqual(times(20, 200));
  });
});

describe('where costs are measured', () => {
  it('everything passes, and what would not have is counted and logged', async () => {
    shop = await startShelf({ DEMAND_CONTROL: 'measure', MAX_OPERATION_COST: '500' });
    expect(await statuses(12, () => ask('ada', 'query Cup { thing { name } }'))).toEqual(times(12, 200));
    expect((await ask('ada', '{ things(first: 500) { nodes { name } } }')).status).toBe(200);

    const told = shop.logged.filter(({ msg }) => msg === 'operation would have been refused for its cost');
    expect(told).toMatchObject([
      { cost: 100, reason: 'budget', tier: 'user', operationName: 'Cup' },
      { cost: 100, reason: 'budget', tier: 'user' },
      { cost: 501, reason: 'maximum', tier: 'user' },
    ]);
    const { body } = await request(`${shop.operationsOrigin}/metrics`);
    const samples = (await body.text()).split('\n');
    const valueOf = (name: string, ...labels: string[]) => {
      const sample = samples.find(
        (line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)),
      );
      return Number(sample?.split(' ').at(-1));
    };
    const refusals = 'gateway_operation_cost_refusals_total';
    expect(valueOf(refusals, 'tier="user"', 'reason="budget"', 'result="measured"')).toBe(2);
    expect(valueOf('gateway_operation_cost_sum', 'tier="user"')).toBe(12 * THING_COST + 501);
    expect(valueOf('gateway_operation_cost_bucket', 'tier="user"', 'le="100"')).toBe(12);
  });

  it('nothing is weighed where demand control is off', async () => {
    shop = await startShelf({ DEMAND_CONTROL: 'off', MAX_OPERATION_COST: '1' });
    const answer = await ask('ada');
    expect([answer.status, costOf(answer)]).toEqual([200, undefined]);
  });
});
