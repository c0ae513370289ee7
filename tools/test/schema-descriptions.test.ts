import { parse } from 'graphql';
import { undescribed } from '../src/schema-descriptions';
import { PRODUCTS } from './serving';

describe('undescribed', () => {
  it('names every type, field, argument, enum value and input field without a description', () => {
    const sdl = `
      type Query { "Known." a(b: Int): A }
      type A { c: Int }
      interface I { d: Int }
      input J { e: Int }
      enum K { L }
      scalar M
      union N = A`;
    expect(undescribed(parse(sdl))).toEqual([
      'argument Query.a(b:)',
      'type A',
      'field A.c',
      'type I',
      'field I.d',
      'type J',
      'input field J.e',
      'type K',
      'enum value K.L',
      'type M',
      'type N',
    ]);
  });

  it('does not take white space for a description', () => {
    expect(undescribed(parse('"Known." type A { "  " c: Int }'))).toEqual(['field A.c']);
  });

  it('finds nothing where everything is described', () => {
    expect(undescribed(parse(PRODUCTS))).toEqual([]);
  });
});
