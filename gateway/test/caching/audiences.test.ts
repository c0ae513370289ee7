import { type CachedShop, startCachedShop } from './cached-shop';

const LABELS = '{ products(first: 1) { id label } }';

describe.each([
  ['entities', { RESPONSE_CACHE: 'off' }],
  ['whole answers', { ENTITY_CACHE: 'off' }],
  ['both', {}],
])('a cache of %s', (_what, environment) => {
  let shop: CachedShop;
  beforeEach(async () => {
    shop = await startCachedShop(environment);
  });
  afterEach(() => shop.stop());

  it('never shows somebody what is private to somebody else', async () => {
    const query = '{ greeting product(id: "prod_1") { reserved } }';
    const answer = (name: string) => ({ greeting: `Hello ${name}`, product: { reserved: `for ${name}` } });
    for (let round = 0; round < 3; round += 1) {
      expect((await shop.sendBy('ada', query)).data).toEqual(answer('ada'));
      expect((await shop.sendBy('bob', query)).data).toEqual(answer('bob'));
      expect((await shop.send(query)).data).toEqual(answer('anonymous'));
    }
  });

  it('keeps what is private to somebody for them, and nothing private for nobody known', async () => {
    for (let round = 0; round < 3; round += 1) await shop.sendBy('ada', '{ greeting }');
    expect(shop.calls()[0]).toBe(1);
    for (let round = 0; round < 3; round += 1) await shop.send('{ greeting }');
    expect(shop.calls()[0]).toBe(3);
  });

  it('shares what is private with nobody who asks at the same time', async () => {
    shop.products.behaviour.delayMs = 30;
    const names = ['ada', 'bob', 'cyd', 'ada', 'bob', 'cyd'];
    const answers = await Promise.all(names.map((name) => shop.sendBy(name, '{ greeting }')));
    expect(answers.map(({ data }) => data?.greeting)).toEqual(names.map((name) => `Hello ${name}`));
  });

  it('never shows others what an administrator was answered, though the subgraph calls it public', async () => {
    const { data } = await shop.sendAs(['product:write'], LABELS);
    expect(data).toEqual({ products: [{ id: 'prod_1', label: 'prod_1 (secret)' }] });
    for (const others of [await shop.send(LABELS), await shop.sendBy('ada', LABELS)]) {
      expect(others.data).toEqual({ products: [{ id: 'prod_1', label: 'prod_1' }] });
    }
    expect((await shop.sendAs(['product:write'], LABELS)).data).toEqual(data);
  });

  it('shares what is public between all who are permitted the same', async () => {
    await shop.send(LABELS);
    shop.calls();
    await shop.sendBy('ada', LABELS);
    await shop.sendBy('bob', LABELS);
    expect(shop.calls()[0]).toBe(0);
  });

  it('asks again for those to whom the subgraph does not call it public', async () => {
    await shop.send(LABELS);
    shop.calls();
    for (let round = 0; round < 2; round += 1) await shop.sendAs(['product:read'], LABELS);
    expect(shop.calls()[0]).toBe(2);
  });
});
