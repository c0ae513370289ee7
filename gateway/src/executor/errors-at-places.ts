import { GraphQLError } from 'graphql';
import type { Path } from './entities';
import type { SubgraphFault } from './subgraph-call';

/** The error for one place of a client's answer. What is not for clients stays in `originalError`, to be logged. */
export function errorAt(path: Path, { message, shown }: Pick<SubgraphFault, 'message' | 'shown'>): GraphQLError {
  return withoutStack(() => {
    const originalError = shown ?? new Error(message);
    return new GraphQLError(shown?.message ?? message, {
      path,
      originalError,
      extensions: shown ? { ...shown.extensions } : {},
    });
  });
}

/** The same error at another place. */
export function movedTo(path: Path, { message, originalError, extensions }: GraphQLError): GraphQLError {
  return withoutStack(() => new GraphQLError(message, { path, originalError, extensions }));
}

/**
 * A subgraph that is down is an error at each of its fields, hundreds in one answer. Their stacks would all be the same
 * lines of the executor, and taking them takes longer than everything else: GraphQLError has each of them written, only
 * to put that of its original error in its place.
 */
function withoutStack<Value>(make: () => Value): Value {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
