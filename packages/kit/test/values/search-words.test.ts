import { beginsWith, wordsOf } from '../../src/search-words';

describe('the words of a text', () => {
  it.each([
    ['Crème brûlée, crème!', ['creme', 'brulee']],
    ['T-Shirt 2XL', ['t', 'shirt', '2xl']],
    ['Größe 日本', ['große', '日本']],
    ['.*$', []],
    ['x'.repeat(100), ['x'.repeat(40)]],
  ])('%j are %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it('are no more than 200', () => {
    expect(wordsOf(Array.from({ length: 300 }, (_, index) => index).join(' '))).toHaveLength(200);
  });

  it('match as they are, whatever they mean in a pattern', () => {
    expect(['a.b+c@d', 'axbbc@d', 'A.B+C@D'].map((text) => beginsWith('a.b+c').test(text))).toEqual([
      true,
      false,
      false,
    ]);
    expect(beginsWith('^$(a|b)[c]{1}*?\\\\').test('^$(a|b)[c]{1}*?\\\\x')).toBe(true);
  });

  it('match by their beginning', () => {
    expect(['shirt', 'shirts', 'tshirt'].map((word) => beginsWith('shirt').test(word))).toEqual([true, true, false]);
  });
});
