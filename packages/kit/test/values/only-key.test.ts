import { onlyKey } from '../../src/only-key';

describe('the only key', () => {
  it('is the one that is given', () => {
    expect(onlyKey({ id: 'prod_1', slug: undefined })).toEqual({ name: 'id', value: 'prod_1' });
    expect(onlyKey({ id: null, slug: 'mug' })).toEqual({ name: 'slug', value: 'mug' });
  });

  it.each([
    ['none', {}],
    ['both', { id: 'prod_1', slug: 'mug' }],
    ['an operator', { slug: { $gt: '' } }],
    ['a list', { slug: ['mug'] }],
  ])('is refused when it is %s, at the path of every key', (_what, given) => {
    const message = 'Give one of id and slug.';
    const fields = [
      { path: ['id'], message },
      { path: ['slug'], message },
    ];
    const look = () => onlyKey({ id: undefined, slug: undefined, ...given });
    expect(look).toThrow(expect.objectContaining({ message, extensions: { code: 'BAD_USER_INPUT', fields } }));
  });
});
