import { z } from 'zod';
import { type Entity, isObject } from './executor/entities';
import { type AnsweredError, subgraphErrorSchema } from './subgraph-error';

const errorsSchema = z.array(subgraphErrorSchema);

/** What a subgraph has written: an answer, or one of the answers to a subscription. */
export interface ParsedAnswer {
  readonly data: Entity | null;
  readonly errors: readonly AnsweredError[];
}

/**
 * Reads an answer to a GraphQL request. Most have no errors: their data is looked at by hand, since a schema would copy
 * what it has looked at.
 * @throws Error for what is none.
 */
export function parseAnswer(text: string): ParsedAnswer {
  const answer: unknown = JSON.parse(text);
  if (!isObject(answer)) throw new TypeError('no object');
  const { data = null, errors = [] } = answer;
  if (data !== null && !isObject(data)) throw new TypeError('data is no object');
  return { data, errors: errorsSchema.parse(errors) };
}
