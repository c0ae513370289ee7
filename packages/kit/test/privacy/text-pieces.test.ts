import { textPieces } from '../../src/text-pieces';

describe('a text in pieces', () => {
  it.each([
    ['', 3, ['']],
    ['abc', 3, ['abc']],
    ['abcd', 3, ['abc', 'd']],
    ['ab😀cd', 3, ['ab', '😀c', 'd']],
    ['😀😀', 2, ['😀', '😀']],
  ])('%j, %i units at a time', (text, length, pieces) => {
    expect(textPieces(text, length)).toEqual(pieces);
  });
});
