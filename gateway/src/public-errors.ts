import { publicError } from '@shopgraph/kit';
import type { GraphQLFormattedError } from 'graphql';

/** How graphql's parser refuses documents with too many tokens; it has no code for it. */
const TOO_MANY_TOKENS = /contains more tha[nt] (\d+) tokens/;

/** How graphql-js begins a suggestion, which ends the message. */
const SUGGESTION = ' Did you mean ';

/** What clients may know of an error when they may not know the schema. */
export function formatErrorWithoutSchema(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const answered = formatError(formatted, error);
  const start = answered.message.endsWith('?') ? answered.message.lastIndexOf(SUGGESTION) : -1;
  return start === -1 ? answered : { ...answered, message: answered.message.slice(0, start) };
}

/** What a client may know of an error. Documents beyond the limit of tokens fail like those beyond other limits. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const answered = publicError(formatted, error);
  const [, limit] = TOO_MANY_TOKENS.exec(formatted.message) ?? [];
  if (limit === undefined || answered.extensions?.code !== 'GRAPHQL_PARSE_FAILED') return answered;
  return {
    message: `The operation has more than the ${limit} tokens that are allowed.`,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  };
}
