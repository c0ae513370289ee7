import { pageOf } from '../src/order/page-of';

const nodes = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));
const cursorOf = (id: string) => pageOf([{ id }], {}).edges[0]!.cursor;
const read = (page: Parameters<typeof pageOf>[1]) => {
  const { edges, pageInfo } = pageOf(nodes, page);
  return [edges.map(({ node }) => node.id).join(''), pageInfo.hasPreviousPage, pageInfo.hasNextPage];
};

describe('a page of a short list', () => {
  it.each([
    ['the first two', { first: 2 }, ['ab', false, true]],
    ['two after b', { first: 2, after: cursorOf('b') }, ['cd', true, true]],
    ['ten after d', { first: 10, after: cursorOf('d') }, ['e', true, false]],
    ['the last two', { last: 2 }, ['de', true, false]],
    ['two before d', { last: 2, before: cursorOf('d') }, ['bc', true, true]],
    ['ten before b', { last: 10, before: cursorOf('b') }, ['a', false, true]],
    ['everything', {}, ['abcde', false, false]],
  ])('holds %s', (_what, page, then) => {
    expect(read(page)).toEqual(then);
  });

  it.each([
    ['a cursor of another list', { after: cursorOf('z') }, 'after'],
    ['first and last', { first: 1, last: 1 }, 'last'],
    ['after and before', { after: cursorOf('a'), before: cursorOf('b') }, 'before'],
  ])('is refused for %s', (_what, page, argument) => {
    expect(() => pageOf(nodes, page)).toThrow(
      expect.objectContaining({
        extensions: { code: 'BAD_USER_INPUT', fields: [expect.objectContaining({ path: [argument] })] },
      }),
    );
  });
});
