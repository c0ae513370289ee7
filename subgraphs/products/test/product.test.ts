import { archiveProduct, publishProduct, updateProduct } from '../src/product/product';
import { aProduct } from './builders';

const now = new Date('2026-02-01T00:00:00Z');
const guard = { expectedVersion: null, now };

describe('a change of status', () => {
  it.each([
    ['publishing a draft', publishProduct, 'DRAFT', 'ACTIVE', ['products.product-published']],
    ['publishing again', publishProduct, 'ACTIVE', 'ACTIVE', []],
    ['publishing what was archived', publishProduct, 'ARCHIVED', 'ACTIVE', ['products.product-published']],
    ['archiving a draft', archiveProduct, 'DRAFT', 'ARCHIVED', ['products.product-archived']],
    ['archiving what is on sale', archiveProduct, 'ACTIVE', 'ARCHIVED', ['products.product-archived']],
    ['archiving again', archiveProduct, 'ARCHIVED', 'ARCHIVED', []],
  ] as const)('by %s', (_what, change, before, after, told) => {
    const given = aProduct({ status: before, variantCount: 1, version: 3 });
    const result = change(given, guard);
    expect(result).toMatchObject({
      ok: true,
      value: {
        product: { status: after, version: 3 + told.length },
        events: told.map((type) => ({ type, sequence: 4 })),
      },
    });
  });

  it('to the public needs a variant', () => {
    const result = publishProduct(aProduct({ variantCount: 0 }), guard);
    expect(result).toEqual({ ok: false, problems: [{ kind: 'no-variants' }] });
  });
});

describe('an update', () => {
  const given = aProduct({ options: [{ name: 'Size', values: ['S', 'M'] }], version: 3 });
  const variants = [[{ name: 'Size', value: 'S' }]];

  it.each([
    ['more values', [{ name: 'Size', values: ['S', 'M', 'L'] }], true],
    ['fewer values, none of them used', [{ name: 'Size', values: ['S'] }], true],
    ['other values in front', [{ name: 'Size', values: ['XS', 'S'] }], true],
    ['without a value that is used', [{ name: 'Size', values: ['M'] }], false],
    ['without the option', [], false],
    ['under another name', [{ name: 'Length', values: ['S', 'M'] }], false],
    ['one option more', [...given.options, { name: 'Colour', values: ['Red'] }], false],
  ])('to options with %s', (_what, options, ok) => {
    expect(updateProduct(given, { options }, { ...guard, variants })).toMatchObject(
      ok
        ? { ok, value: { product: { options, version: 4 }, events: [{ type: 'products.product-updated' }] } }
        : { ok, problems: [{ kind: 'options-in-use' }] },
    );
  });

  it('that changes nothing keeps the version and tells nothing', () => {
    const same = { name: given.name, options: [{ name: 'Size', values: ['S', 'M'] }] };
    const result = updateProduct(given, same, { ...guard, variants });
    expect(result).toEqual({ ok: true, value: { product: given, events: [] } });
  });

  it('of another version is refused and told the version that is there', () => {
    const refused = { ok: false, problems: [{ kind: 'version-changed', version: 3 }] };
    for (const changes of [{ name: 'New' }, { options: [] }, {}]) {
      expect(updateProduct(given, changes, { expectedVersion: 2, now, variants })).toEqual(refused);
    }
    expect(publishProduct(given, { expectedVersion: 2, now })).toEqual(refused);
  });
});
