import { request } from 'undici';
import { startShop } from './start-gateway';

let shop: Awaited<ReturnType<typeof startShop>>;
afterEach(() => shop.stop());

const RATES = { RATE_LIMIT_ANONYMOUS: '10/60', RATE_LIMIT_USER: '20/60' };
const send = (headers: Record<string, string> = {}) => shop.post({ query: '{ best }' }, headers);
const statuses = async (count: number, headers: Record<string, string> = {}) => {
  const answers = await Promise.all(Array.from({ length: count }, () => send(headers)));
  return answers.map(({ status }) => status).sort();
};
const times = (count: number, status: number) => Array<number>(count).fill(status);

describe('a client', () => {
  beforeEach(async () => {
    shop = await startShop(RATES);
  });

  it('who is nobody known can send exactly ten requests a minute from one address', async () => {
    expect(await statuses(30)).toEqual([...times(10, 200), ...times(20, 429)]);
    const { headers, text } = await send();
    const retryAfter = Number(headers['retry-after']);
    expect(retryAfter).toBeGreaterThan(0);
    expect(headers).toMatchObject({
      'ratelimit-limit': '10',
      'ratelimit-remaining': '0',
      'ratelimit-reset': String(retryAfter),
    });
    expect(JSON.parse(text)).toEqual({
      errors: [{ message: 'Too many requests: wait and repeat.', extensions: { code: 'RATE_LIMITED', retryAfter } }],
    });
  });

  it('who is signed in has a limit of their own', async () => {
    await statuses(10);
    const ada = { authorization: `Bearer ${await shop.token({ sub: 'ada' })}` };
    const bob = { authorization: `Bearer ${await shop.token({ sub: 'bob' })}` };
    expect(await statuses(30, ada)).toEqual([...times(20, 200), ...times(10, 429)]);
    expect((await send(bob)).headers['ratelimit-remaining']).toBe('19');
  });

  it('with a bad token is counted by address', async () => {
    expect(await statuses(15, { authorization: 'Bearer x' })).toEqual([...times(10, 401), ...times(5, 429)]);
  });

  it('is not limited when it asks how the gateway is', async () => {
    await statuses(11);
    for (const probe of ['live', 'ready']) {
      expect((await request(`${shop.origin}/health/${probe}`)).statusCode).toBe(200);
    }
  });

  it('gets no other address by claiming one', async () => {
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, index) => send({ 'x-forwarded-for': `203.0.113.${index}` })),
    );
    expect(claims.filter(({ status }) => status === 429)).toHaveLength(2);
  });

  it('is still limited, by each gateway alone, while Redis is away', async () => {
    shop.redis.disconnect();
    expect(await statuses(15)).toEqual([...times(10, 200), ...times(5, 429)]);
  });
});

describe('behind a proxy that is trusted', () => {
  it.each(['127.0.0.1,10.0.0.0/8', '1'])('(%s) the client is the one that the proxy names', async (TRUST_PROXY) => {
    shop = await startShop({ ...RATES, TRUST_PROXY });
    // What the client itself has claimed stands before it.
    const from = (address: string) => send({ 'x-forwarded-for': `198.51.100.1, ${address}` });
    await Promise.all(Array.from({ length: 10 }, () => from('203.0.113.7')));
    expect((await from('203.0.113.7')).status).toBe(429);
    expect((await from('203.0.113.8')).status).toBe(200);
  });
});

describe('a batch', () => {
  beforeEach(async () => {
    shop = await startShop({ ...RATES, MAX_BATCH_SIZE: '4' });
  });
  const batch = (size: number) => shop.post(Array<object>(size).fill({ query: '{ best }' }));

  it('is answered in order, and counts once for each operation', async () => {
    const { status, text, headers } = await batch(4);
    expect([status, JSON.parse(text)]).toEqual([200, Array(4).fill({ data: { best: 7 } })]);
    expect(headers['ratelimit-remaining']).toBe('6');
    await batch(4);
    expect((await batch(4)).status).toBe(429);
  });

  it('has an end', async () => {
    const { status, errors } = await batch(5);
    expect([status, errors?.[0]]).toEqual([
      400,
      { message: 'A batch may have 4 operations; this has 5.', extensions: { code: 'BAD_REQUEST' } },
    ]);
  });
});

describe('the limits', () => {
  it.each([
    // Whoever is known pays by cost.
    [{ NODE_ENV: 'production', ALLOW_EMBEDDED: '1' }, '100/900s', 'not counted'],
    [{ NODE_ENV: 'production', ALLOW_EMBEDDED: '1', DEMAND_CONTROL: 'measure' }, '100/900s', '1000/900s'],
    [{ NODE_ENV: 'development' }, '1000/900s', '10000/900s'],
  ])('of %j are said once in the log', async (environment, perAddress, perUser) => {
    shop = await startShop({ ...environment, RATE_LIMIT_ANONYMOUS: '' });
    await send();
    expect(shop.logged.filter(({ msg }) => msg === 'requests are limited')).toMatchObject([{ perAddress, perUser }]);
  });

  it('can all be switched off', async () => {
    shop = await startShop({ ...RATES, RATE_LIMITS: 'off' });
    expect(await statuses(15)).toEqual(times(15, 200));
    const logins = await Promise.all(
      Array.from({ length: 8 }, () => shop.send('mutation { login(input: { email: "a@x.org", password: "p" }) }')),
    );
    expect(logins.map(({ data }) => data?.login)).toEqual(Array(8).fill('token'));
    expect(shop.logged.map(({ msg }) => msg)).toContain('rate limits are off');
    expect((await send()).headers).not.toHaveProperty('ratelimit-limit');
  });
});
