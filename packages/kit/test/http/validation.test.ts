import { typeIds } from '../../src/ids';
import { startThings } from './start-things';

let things: Awaited<ReturnType<typeof startThings>>;
beforeAll(async () => {
  things = await startThings();
});
afterAll(() => things.service.close());

async function create(input: object) {
  const query = 'mutation ($input: ThingInput!) { thingCreate(input: $input) }';
  const { json } = await things.ask(query, { input });
  const created = json.data?.thingCreate;
  return { created: typeof created === 'string' ? (JSON.parse(created) as object) : null, errors: json.errors };
}

/** The error of an input that is wrong at these paths. */
const refusedAt = (...paths: string[][]) => ({
  created: null,
  errors: [
    {
      extensions: {
        code: 'BAD_USER_INPUT',
        fields: paths.map((path) => ({ path, message: expect.any(String) as string })),
      },
    },
  ],
});

describe('an input', () => {
  it('is trimmed where its class says so: at the top, in lists, and in inputs within lists', async () => {
    const given = { name: '  tea  ', tags: [' a', 'b '], parts: [{ name: ' lid ' }], password: '  secret  ' };
    const { created } = await create(given);
    expect(created).toEqual({ name: 'tea', tags: ['a', 'b'], parts: [{ name: 'lid' }], password: '  secret  ' });
  });

  it('is measured after it is trimmed', async () => {
    expect(await create({ name: `  ${'x'.repeat(10)}  ` })).toMatchObject({ created: { name: 'x'.repeat(10) } });
    expect(await create({ name: '   ' })).toMatchObject(refusedAt(['input', 'name']));
    expect(await create({ name: 'x'.repeat(11) })).toMatchObject(refusedAt(['input', 'name']));
    expect(await create({ tags: ['good', 'too long'] })).toMatchObject(refusedAt(['input', 'tags']));
  });

  it('is told everything that is wrong with it, each with its path', async () => {
    const bad = {
      name: '',
      country: 'ZZ',
      productId: 'var_1',
      parts: [{ name: 'fine' }, { name: 'too long' }],
      price: { amount: '1', currencyCode: 'XXX' },
    };
    const { errors } = await create(bad);
    const paths = (errors?.[0]?.extensions.fields as { path: string[] }[]).map(({ path }) => path.join('.'));
    expect(paths.sort()).toEqual([
      'input.country',
      'input.name',
      'input.parts.1.name',
      'input.price.currencyCode',
      'input.productId',
    ]);
  });

  it.each(['\0', '\ud800', '\udc00 '])('holds no broken text such as %j', async (broken) => {
    const nested = { parts: [{ name: 'fine' }, { name: broken }], tags: [broken] };
    expect(await create(nested)).toMatchObject(refusedAt(['input', 'tags', '0'], ['input', 'parts', '1', 'name']));
  });

  it('may be a secret with null bytes, but not with halves of characters, which all look the same', async () => {
    expect(await create({ password: 'x\0😀' })).toMatchObject({ created: { password: 'x\0😀' } });
    expect(await create({ password: 'x\ud800' })).toMatchObject(refusedAt(['input', 'password']));
  });

  it('may leave out, or set to null, what the schema lets it', async () => {
    expect(await create({})).toMatchObject({ created: {} });
    expect(await create({ name: null, tags: null, country: null, price: null })).toMatchObject({
      created: { name: null, country: null },
    });
  });
});

describe('a country', () => {
  it.each(['DE', 'US', 'XK'])('may be %s where ISO 3166-1 has it', async (country) => {
    const isListed = country !== 'XK';
    expect(await create({ country })).toMatchObject(
      isListed ? { created: { country } } : refusedAt(['input', 'country']),
    );
  });

  it.each(['de', 'ZZ', 'UK'])('may not be %s', async (country) => {
    expect(await create({ country })).toMatchObject(refusedAt(['input', 'country']));
  });
});

describe('an id', () => {
  it('has the prefix of its type and a well-formed rest', async () => {
    const productId = typeIds.next('prod');
    expect(await create({ productId })).toMatchObject({ created: { productId } });
  });

  it.each([typeIds.next('var'), 'prod_1', 'prod_', '', 'prod_01h455vb4pex5vsknk084sn02Q'])(
    'is not %j',
    async (productId) => {
      expect(await create({ productId })).toMatchObject(refusedAt(['input', 'productId']));
    },
  );
});

describe('an amount of money', () => {
  it('becomes minor units', async () => {
    const { created } = await create({ price: { amount: '12.50', currencyCode: 'EUR' } });
    expect(created).toEqual({ price: { minorUnits: 1250, currencyCode: 'EUR' } });
  });

  it.each([
    ['12.505', 'EUR', ['input', 'price', 'amount']],
    ['12.5', 'JPY', ['input', 'price', 'amount']],
    ['12.50', 'eur', ['input', 'price', 'currencyCode']],
    ['12.50', 'ZZZ', ['input', 'price', 'currencyCode']],
  ])('may not be %s %s: the error names the field', async (amount, currencyCode, path) => {
    expect(await create({ price: { amount, currencyCode } })).toMatchObject(refusedAt(path));
  });
});
