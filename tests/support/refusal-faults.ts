import type { BadValue } from './bad-values';
import type { InputPath } from './input-leaves';

/** How a mutation was answered. */
export interface MutationAnswer {
  readonly status: number;
  readonly errors: readonly {
    message: string;
    extensions?: { code?: string; fields?: { path: string[]; message: string }[] };
  }[];
  readonly userErrors: readonly { code: string; field: string[] | null }[];
}

/** What is wrong with the refusal of a bad value; null when nothing is. */
export function faultOf(
  { status, errors, userErrors }: MutationAnswer,
  path: InputPath,
  { what, value }: BadValue,
): string | null {
  const codes = [...errors.map(({ extensions }) => extensions?.code), ...userErrors.map(({ code }) => code)];
  const fault = (why: string) =>
    `${path.join('.')} as ${what}: ${why} ${JSON.stringify({ errors, userErrors }).slice(0, 300)}`;
  if (codes.length === 0) return fault('was taken');
  if (codes.some((code) => code === undefined || code === 'INTERNAL')) return fault('was no fault of the client');
  // The parser of the body refuses them wherever they are.
  const isPoison = typeof value === 'object' && value !== null && /__proto__|prototype/.test(JSON.stringify(value));
  if (isPoison && status === 400 && codes.every((code) => code === 'BAD_REQUEST')) return null;

  const fields = errors.flatMap(({ extensions }) => extensions?.fields ?? []).map((field) => field.path);
  const named = [...fields, ...userErrors.map(({ field }) => field ?? [])];
  const isInMessage = errors.some(({ message }) => message.includes(`"$${path[0]}"`) && message.includes(nameOf(path)));
  if (named.length === 0) return isInMessage ? null : fault('was refused without a name');
  return named.every((field) => isRelated(field, path)) ? null : fault('was refused by another name');
}

/** How graphql-js writes a path: `input.lines[0].sku`. */
function nameOf(path: InputPath): string {
  if (path.length === 1) return `$${path[0]}`;
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .slice(1);
}

/** Whether one is the other, or what is around it. */
function isRelated(field: readonly string[], path: InputPath): boolean {
  const shorter = Math.min(field.length, path.length);
  return field.slice(0, shorter).every((part, index) => part === String(path[index]));
}
