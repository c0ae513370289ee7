import type { BusEvent } from '@shopgraph/kit';
import { eventually } from '@shopgraph/kit/testing';
import { catalogOf, unique } from './catalog';
import { manager, type Products, startProducts } from './start-products';

let products: Products;
let catalog: ReturnType<typeof catalogOf>;
const published: BusEvent[] = [];
beforeAll(async () => {
  products = await startProducts();
  catalog = catalogOf(products);
  await products.bus.subscribe({
    consumer: 'test',
    types: ['products.variant-created', 'products.variant-updated', 'products.price-changed'],
    handle: async (event) => void published.push(event),
  });
});
afterAll(() => products.stop());

const size = (value: string) => [{ name: 'Size', value }];

async function sizedProduct(...values: string[]) {
  const { product } = await catalog.create({ name: unique('Sized '), options: [{ name: 'Size', values }] });
  return product!;
}

async function variantsOf(id: string) {
  const query = 'query ($id: ID!) { product(id: $id) { variants(first: 100) { edges { node { sku } } } } }';
  const { data } = await products.send<{ product: { variants: { edges: { node: { sku: string } }[] } } }>(
    manager,
    query,
    { id },
  );
  return data.product.variants.edges.map(({ node }) => node.sku);
}

describe('variantsCreate', () => {
  it('adds variants in the order of their lines, named after their options', async () => {
    const { product } = await catalog.create({
      name: unique('Shirt '),
      options: [
        { name: 'Size', values: ['S', 'M'] },
        { name: 'Colour', values: ['Red'] },
      ],
    });
    const [small, medium] = [unique('S-'), unique('M-')];
    const { variants, userErrors } = await catalog.addVariants(product!.id, [
      {
        sku: ` ${medium} `,
        options: [{ name: 'Colour', value: 'Red' }, ...size('M')],
        price: { amount: '19.9', currencyCode: 'EUR' },
      },
      { sku: small, name: 'Small one', options: [...size('S'), { name: 'Colour', value: 'Red' }] },
    ]);
    expect(userErrors).toEqual([]);
    expect(variants).toMatchObject([
      {
        sku: medium,
        name: 'M / Red',
        options: [...size('M'), { name: 'Colour', value: 'Red' }],
        price: { amount: '19.90', currencyCode: 'EUR', minorUnits: 1990 },
        active: true,
        version: 1,
        product: { id: product!.id },
      },
      { sku: small, name: 'Small one', price: null },
    ]);
    expect(await variantsOf(product!.id)).toEqual([medium, small]);
  });

  it('gives a product without options one variant, named like it', async () => {
    const { product } = await catalog.create({ name: unique('Mug ') });
    const [first, second] = [unique('MUG-'), unique('MUG-')];
    const { variants } = await catalog.addVariants(product!.id, [{ sku: first }]);
    expect(variants).toMatchObject([{ name: product!.name, options: [] }]);
    const { userErrors } = await catalog.addVariants(product!.id, [{ sku: second }]);
    expect(userErrors).toMatchObject([{ code: 'CONFLICT', field: ['input', '0', 'options'] }]);
  });

  const badLines = async () => {
    const product = await sizedProduct('S', 'M', 'L', 'XL');
    const { variants } = await catalog.addVariants(product.id, [{ sku: unique('OLD-'), options: size('S') }]);
    const [good, twin] = [unique('GOOD-'), unique('TWIN-')];
    const lines = [
      { sku: good, options: size('M') },
      { sku: variants[0]!.sku, options: size('L') },
      { sku: unique('SAME-'), options: size('S') },
      { sku: unique('UNFIT-'), options: size('XXL') },
      { sku: unique('NONE-') },
      { sku: good, options: size('M') },
      { sku: unique('PRICE-'), options: size('L'), price: { amount: '1.999', currencyCode: 'EUR' } },
      { sku: unique('MINUS-'), options: size('L'), price: { amount: '-1', currencyCode: 'EUR' } },
      { sku: unique('DEAR-'), options: size('L'), price: { amount: '900000000.01', currencyCode: 'EUR' } },
      { sku: twin, options: size('XL') },
    ];
    const problems = [
      ['SKU_TAKEN', '1', 'sku'],
      ['CONFLICT', '2', 'options'],
      ['BAD_USER_INPUT', '3', 'options'],
      ['BAD_USER_INPUT', '4', 'options'],
      ['SKU_TAKEN', '5', 'sku'],
      ['BAD_USER_INPUT', '6', 'price'],
      ['BAD_USER_INPUT', '7', 'price'],
      ['BAD_USER_INPUT', '8', 'price'],
    ].map(([code, line, field]) => ({ code, field: ['input', line, field] }));
    return { product, lines, problems, old: variants[0]!.sku, good, twin };
  };

  it('adds nothing when one line is bad, and names every line that is', async () => {
    const { product, lines, problems, old } = await badLines();
    const { variants, userErrors } = await catalog.addVariants(product.id, lines);
    expect(variants).toEqual([]);
    expect(userErrors).toMatchObject(problems);
    expect(await variantsOf(product.id)).toEqual([old]);
  });

  it('adds the good lines under PARTIAL, and names those that are bad', async () => {
    const { product, lines, problems, old, good, twin } = await badLines();
    const { variants, userErrors } = await catalog.addVariants(product.id, lines, 'PARTIAL');
    expect(variants.map(({ sku }) => sku)).toEqual([good, twin]);
    expect(userErrors).toMatchObject(problems);
    expect(await variantsOf(product.id)).toEqual([old, good, twin]);
  });

  it('gives a SKU to one of ten simultaneous requests, though they are for different products', async () => {
    const sku = unique('RACED-');
    const owners = await Promise.all(Array.from({ length: 10 }, () => sizedProduct('S')));
    const answers = await Promise.all(owners.map(({ id }) => catalog.addVariants(id, [{ sku, options: size('S') }])));
    expect(answers.flatMap(({ variants }) => variants)).toHaveLength(1);
    const refusals = answers.flatMap(({ userErrors }) => userErrors);
    expect(refusals).toHaveLength(9);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'SKU_TAKEN', field: ['input', '0', 'sku'] });
  });

  it('gives every variant a place of its own when many are added at once', async () => {
    const values = Array.from({ length: 8 }, (_, index) => String(index));
    const { id } = await sizedProduct(...values);
    await Promise.all(
      values.map((value) => catalog.addVariants(id, [{ sku: unique('PLACE-'), options: size(value) }])),
    );
    const stored = await products.connection.collection('variants').find({ productId: id }).toArray();
    expect(stored.map(({ position }) => position as number).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('says that there is no such product', async () => {
    const { variants, userErrors } = await catalog.addVariants('prod_00000000000000000000000000', [{ sku: 'X' }]);
    expect(variants).toEqual([]);
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['productId'] }]);
  });

  it.each([
    ['a SKU that is too long', { sku: 'x'.repeat(65) }, ['input', '0', 'sku']],
    [
      'an unknown currency',
      { sku: 'X', price: { amount: '1', currencyCode: 'ZZZ' } },
      ['input', '0', 'price', 'currencyCode'],
    ],
  ])('refuses %s with its path', async (_what, line, path) => {
    const { id } = await sizedProduct('S');
    await expect(catalog.addVariants(id, [line])).rejects.toThrow(JSON.stringify({ path }).slice(1, -1));
  });

  it('takes 100 lines and no more', async () => {
    const values = Array.from({ length: 100 }, (_, index) => String(index));
    const { id } = await sizedProduct(...values);
    const lines = values.map((value) => ({ sku: unique('BULK-'), options: size(value) }));
    await expect(catalog.addVariants(id, [...lines, ...lines])).rejects.toThrow('"path":["input"]');
    expect((await catalog.addVariants(id, lines)).variants).toHaveLength(100);
  });
});

describe('priceSet', () => {
  const PRICE_FOR_A_WHILE = `mutation ($variantId: ID!, $validFrom: DateTime, $validTo: DateTime) {
    priceSet(variantId: $variantId, price: { amount: "5.00", currencyCode: "EUR" }, validFrom: $validFrom, validTo: $validTo) {
      variant { price { minorUnits } } userErrors { code }
    }
  }`;

  it('for a while holds from its beginning to its end, and then the usual price does again', async () => {
    const { variants } = await catalog.stocked();
    const variantId = variants[0]!.id;
    await catalog.setPrice(variantId, '9.00');
    const [validFrom, validTo] = [60_000, 120_000].map((later) => new Date(products.clock.now().getTime() + later));
    const priced = async () => {
      const query = 'query ($id: ID!) { variant(id: $id) { price { minorUnits } } }';
      const { data } = await products.send<{ variant: { price: { minorUnits: number } } }>(manager, query, {
        id: variantId,
      });
      return data.variant.price.minorUnits;
    };

    const { data, errors } = await products.send(manager, PRICE_FOR_A_WHILE, { variantId, validFrom, validTo });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ priceSet: { variant: { price: { minorUnits: 900 } }, userErrors: [] } });
    products.clock.advance(60_000);
    expect(await priced()).toBe(500);
    products.clock.advance(60_000);
    expect(await priced()).toBe(900);
  });

  it('refuses a time that ends before it begins', async () => {
    const { variants } = await catalog.stocked();
    const [validFrom, validTo] = ['2030-01-02T00:00:00Z', '2030-01-01T00:00:00Z'];
    const { errors } = await products.send(manager, PRICE_FOR_A_WHILE, {
      variantId: variants[0]!.id,
      validFrom,
      validTo,
    });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['validTo'] }] } }]);
  });

  it('keeps one price a currency', async () => {
    const { variants } = await catalog.stocked();
    const { id } = variants[0]!;
    expect(await catalog.setPrice(id, '9.00')).toMatchObject({ variant: { price: { minorUnits: 900 }, version: 2 } });
    await catalog.setPrice(id, '1500', 'JPY');
    const query = `query ($id: ID!) { variant(id: $id) {
      price { amount currencyCode } yen: price(currency: JPY) { amount minorUnits } none: price(currency: USD) { amount }
    } }`
      .replace('JPY', '"JPY"')
      .replace('USD', '"USD"');
    const { data } = await products.send(manager, query, { id });
    expect(data).toEqual({
      variant: {
        price: { amount: '9.00', currencyCode: 'EUR' },
        yen: { amount: '1500', minorUnits: 1500 },
        none: null,
      },
    });
  });

  it('loses none of ten prices that are set at once', async () => {
    const { variants } = await catalog.stocked();
    const { id } = variants[0]!;
    const currencies = ['USD', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'CAD', 'AUD'];
    await Promise.all(currencies.map((currency) => catalog.setPrice(id, '1', currency)));
    const stored = await products.connection
      .collection<{ _id: string; prices: object[] }>('variants')
      .findOne({ _id: id });
    expect(stored).toMatchObject({ version: 11 });
    expect(stored?.prices).toHaveLength(11);
  });

  it.each([
    ['more decimals than the currency has', '1.5', 'JPY', ['price', 'amount']],
    ['less than nothing', '-0.01', 'EUR', ['price', 'amount']],
    ['what a full cart could not add up', '900000000.01', 'EUR', ['price', 'amount']],
    ['an unknown currency', '1', 'ZZZ', ['price', 'currencyCode']],
  ])('refuses %s with its path', async (_what, amount, currencyCode, path) => {
    const { variants } = await catalog.stocked();
    const answer = catalog.setPrice(variants[0]!.id, amount, currencyCode);
    await expect(answer).rejects.toThrow(JSON.stringify({ path }).slice(1, -1));
  });

  it('says that there is no such variant', async () => {
    const { userErrors } = await catalog.setPrice('var_00000000000000000000000000', '1');
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['variantId'] }]);
  });
});

describe('variantUpdate', () => {
  it('changes what is given and leaves the rest', async () => {
    const { variants } = await catalog.stocked();
    const { id, name } = variants[0]!;
    expect(await catalog.updateVariant(id, { active: false })).toMatchObject({
      variant: { name, active: false, version: 2 },
    });
    expect(await catalog.updateVariant(id, { name: 'New' })).toMatchObject({ variant: { name: 'New', active: false } });
  });

  it('is refused for another version than the one that is there', async () => {
    const { variants } = await catalog.stocked();
    const { userErrors } = await catalog.updateVariant(variants[0]!.id, { name: 'New' }, 5);
    expect(userErrors).toMatchObject([{ code: 'CONFLICT', field: ['expectedVersion'] }]);
  });
});

describe('the events of a variant', () => {
  it('reach the bus once each, in order, and not for what stays as it is', async () => {
    const { id: productId, variants } = await catalog.stocked();
    const { id: variantId, sku } = variants[0]!;
    for (const _repetition of [1, 2]) {
      await catalog.setPrice(variantId, '13');
      await catalog.updateVariant(variantId, { active: false });
    }
    const always = { validFrom: null, validTo: null };
    await eventually(() => {
      const events = published.filter(({ aggregateId }) => aggregateId === variantId);
      expect(events.map(({ type, sequence, data }) => [type, sequence, data])).toEqual([
        ['products.variant-created', 1, { variantId, productId, sku }],
        ['products.price-changed', 1, { variantId, productId, sku, currencyCode: 'EUR', minorUnits: 1250, ...always }],
        ['products.price-changed', 2, { variantId, productId, sku, currencyCode: 'EUR', minorUnits: 1300, ...always }],
        ['products.variant-updated', 3, { variantId, productId, sku, active: false }],
      ]);
    });
  });
});
