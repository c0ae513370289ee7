import type { Answer } from './transport';

/** One error of an answer, as GraphQL writes it. */
export interface GraphqlError {
  readonly message: string;
  /** The field whose value is missing because of it. */
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly [detail: string]: unknown };
}

interface ErrorDetails {
  readonly code: string;
  readonly errors?: readonly GraphqlError[];
  readonly requestId?: string | null;
  readonly status?: number | null;
  readonly cause?: unknown;
}

/** Why a call has no result. Refusals that a caller must expect are no errors: they are `userErrors` in the result. */
export class ShopgraphError extends Error {
  /**
   * A code of the shop, such as `UNAUTHENTICATED` or `RATE_LIMITED`: that of the first error in the answer.
   * `NETWORK` when there was no answer, `TIMEOUT` when there was none in time.
   */
  readonly code: string;
  /** All errors in the answer; empty when there was none. */
  readonly errors: readonly GraphqlError[];
  /** What the shop's logs call the request: quote it when you ask for help. */
  readonly requestId: string | null;
  /** The HTTP status; null when there was no answer. */
  readonly status: number | null;

  constructor(message: string, { code, errors = [], requestId = null, status = null, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ShopgraphError';
    this.code = code;
    this.errors = errors;
    this.requestId = requestId;
    this.status = status;
  }
}

/** Whether a call failed because nobody is signed in, or no longer. */
export function isUnauthenticated(error: unknown): boolean {
  return error instanceof ShopgraphError && error.code === 'UNAUTHENTICATED';
}

/** What an answer with errors, or without any data, is thrown as. */
export function errorOf({
  errors,
  status,
  requestId,
}: Pick<Answer, 'errors' | 'status' | 'requestId'>): ShopgraphError {
  const [first] = errors;
  const code = first?.extensions?.code ?? 'INTERNAL';
  return new ShopgraphError(first?.message ?? 'The answer is empty.', { code, errors, status, requestId });
}
