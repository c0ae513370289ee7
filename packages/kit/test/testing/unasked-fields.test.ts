import { buildSchema } from 'graphql';
import { unaskedFields } from '../../testing/unasked-fields';

const schema = buildSchema(`
  type Query { shop: Shop open: Boolean _service: Boolean }
  type Mutation { close: Shop }
  type Shop { name: String things(first: Int): [Thing] }
  type Thing { price(currency: String): Int }
`);

describe('what nobody has asked for', () => {
  it('are root fields and fields with arguments, wherever they stand', () => {
    expect(unaskedFields(schema, [])).toEqual(
      expect.arrayContaining(['Query.shop', 'Query.open', 'Mutation.close', 'Shop.things', 'Thing.price']),
    );
    expect(unaskedFields(schema, ['{ shop { ...Things } } fragment Things on Shop { things { price } }'])).toEqual([
      'Query.open',
      'Mutation.close',
    ]);
    expect(unaskedFields(schema, ['{ open shop { things { price } } }', 'mutation { close { name } }'])).toEqual([]);
  });
});
