const HIGH_SURROGATE = /[\uD800-\uDBFF]$/;

/**
 * Cuts a text into pieces of `maxLength` UTF-16 code units at the most, never through a character; one empty piece
 * for an empty text.
 */
export function textPieces(text: string, maxLength: number): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length || pieces.length === 0;) {
    const piece = text.slice(start, start + maxLength);
    const isCut = start + piece.length < text.length && HIGH_SURROGATE.test(piece);
    const whole = isCut ? piece.slice(0, -1) : piece;
    pieces.push(whole);
    start += whole.length;
  }
  return pieces;
}
