import { type GraphQLOutputType, isListType, isNonNullType } from 'graphql';
import { type Cost, type Evaluation, evaluationOf, once } from './cost';
import type { ListSize } from './cost-weights';
import { type FieldArguments, valueAt } from './field-arguments';

/** The lists within a value whose length is known by the arguments of the field that the value is of. */
export interface SizedFields {
  readonly names: ReadonlySet<string>;
  readonly size: Cost;
}

/**
 * How many items `@listSize` promises at the most: the greatest slicing argument, otherwise the assumed size,
 * otherwise `fallback`. What is negative is no size. Exactly one slicing argument where one is required, or it is a
 * problem.
 * @param coordinate Of the field, for the message.
 */
export function sizeOf(coordinate: string, listSize: ListSize, given: FieldArguments, fallback: number): Cost {
  const { slicingArguments, assumedSize, requireOneSlicingArgument } = listSize;
  const unsliced = assumedSize ?? fallback;
  if (slicingArguments.length === 0) return unsliced;

  const slice = once((evaluation: Evaluation): number => {
    const values = typeof given === 'function' ? given(evaluation) : given;
    const slicing = slicingArguments
      .map((path) => valueAt(values, path))
      .filter((value): value is number => typeof value === 'number');
    if (requireOneSlicingArgument && slicing.length !== 1) {
      evaluation.problems.add(`${coordinate} needs exactly one of ${slicingArguments.join(', ')}.`);
    }
    const sizes = slicing.filter((size) => size >= 0);
    return sizes.length > 0 ? Math.max(...sizes) : unsliced;
  });
  if (typeof given === 'function') return slice;
  const evaluation = evaluationOf({});
  const size = slice(evaluation);
  return evaluation.problems.size === 0 ? size : slice;
}

/** Levels of lists: 0 for what is none, 2 for a list of lists. */
export function listDepth(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listDepth(type.ofType);
  return isListType(type) ? 1 + listDepth(type.ofType) : 0;
}
