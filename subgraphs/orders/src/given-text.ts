/** A text that was given; null for one that was left out or is empty, as forms send what was not filled in. */
export function givenText(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
