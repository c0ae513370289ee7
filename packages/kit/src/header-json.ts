/** The value of a header that carries data: base64url over JSON. */
export function toHeaderJson(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** What a header carries, to be checked by a schema. @throws SyntaxError when it is no JSON. */
export function fromHeaderJson(header: string): unknown {
  return JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
}
