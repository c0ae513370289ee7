/** JSON text that becomes part of an answer as it is. */
export class WrittenJson {
  constructor(readonly text: string) {}

  /** For those who need the value after all; whoever knows takes the text. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/** A value that may be written already. */
export function readWritten(value: unknown): unknown {
  return value instanceof WrittenJson ? value.toJSON() : value;
}

interface ExecutionAnswer {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: unknown;
}

/** The text of an answer, errors first, as Apollo Server orders it. */
export function stringifyAnswer(answer: ExecutionAnswer): string {
  const { data, errors, extensions } = answer;
  if (!(data instanceof WrittenJson)) return `${JSON.stringify(answer)}\n`;
  const before = errors === undefined ? '' : `"errors":${JSON.stringify(errors)},`;
  const after = extensions === undefined ? '' : `,"extensions":${JSON.stringify(extensions)}`;
  return `{${before}"data":${data.text}${after}}\n`;
}

/** What JSON.stringify escapes, and lone surrogates, which it escapes too; pairs of them are rare enough to ask it. */
const NEEDS_ESCAPE = /[\p{Cc}"\\\ud800-\udfff]/u;
/** For longer ones JSON.stringify is faster than looking first. */
const SHORT = 64;

/** A value as JSON; most are strings. */
export function writeValue(value: unknown): string {
  return typeof value === 'string' ? writeString(value) : JSON.stringify(value);
}

/** What stands before the value of a field: a comma unless it is the first, its name, and a colon. */
export function writeName(name: string, index: number): string {
  return `${index === 0 ? '' : ','}${JSON.stringify(name)}:`;
}

function writeString(text: string): string {
  return text.length < SHORT && !NEEDS_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text);
}
