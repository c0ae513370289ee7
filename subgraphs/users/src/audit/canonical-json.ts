/**
 * JSON that is the same for equal values, as RFC 8785 has it: keys sorted, no spaces. Dates are marked as such,
 * for a text is something else; halves of characters become U+FFFD, as they do in the database.
 */
export function canonicalJson(value: unknown): string {
  if (value instanceof Date) return `{"$date":${JSON.stringify(value)}}`;
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${canonicalJson(key)}:${canonicalJson(entry)}`).join(',')}}`;
  }
  if (typeof value === 'string') return JSON.stringify(Buffer.from(value).toString());
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'null';
}
