import { setImmediate } from 'node:timers/promises';
import { type GraphQLSchema, validate } from 'graphql';
import type { Logger } from 'pino';
import type { Executor } from '../executor/executor';
import type { KnownOperation } from '../executor/known-operation';

/** What became of an operation: it is ready to run, or cannot be any more. */
export type WarmUpOutcome = 'planned' | 'skipped';

/** How a version of the graph is made ready before it is served. */
export interface WarmUp {
  /** Planned for the first version; later ones plan what the one before has run last. */
  readonly operations: readonly KnownOperation[];
  /** Operations at the most; 0 for none. */
  readonly maxOperations: number;
  /** Milliseconds at the most, give or take one operation. */
  readonly maxMs: number;
  readonly onWarmed: (outcome: WarmUpOutcome) => void;
}

interface WarmUpOptions extends Pick<WarmUp, 'maxMs' | 'onWarmed'> {
  readonly schema: GraphQLSchema;
  /** Whether nobody needs the version any more. */
  readonly isCancelled: () => boolean;
  readonly logger: Logger;
}

/**
 * Plans operations, the most important first, until the time is up; requests are served between them. One that does
 * not fit the schema is skipped: whoever sends it will be told why. Never rejects.
 */
export async function warmUp(
  executor: Executor,
  operations: readonly KnownOperation[],
  { schema, maxMs, isCancelled, onWarmed, logger }: WarmUpOptions,
): Promise<void> {
  const end = performance.now() + maxMs;
  const planned: KnownOperation[] = [];
  for (const operation of operations) {
    if (isCancelled() || performance.now() > end) break;
    try {
      const [error] = validate(schema, operation.document);
      if (error) throw error;
      executor.prepare(operation, schema);
      planned.push(operation);
      onWarmed('planned');
    } catch (err) {
      logger.debug({ err, operation: operation.operationName }, 'an operation cannot be planned any more');
      onWarmed('skipped');
    }
    await setImmediate();
  }
  // Again from the end, so that the most important ones are those used last.
  for (const operation of planned.reverse()) executor.prepare(operation, schema);
}
