import { Directive } from 'type-graphql';
import { DEFAULT_PAGE_SIZE } from './page-sizes';

/**
 * Says of a field that takes `PageArgs` and returns a connection how many rows a page has, for whoever weighs
 * operations before they run.
 */
export function PageSized(): ReturnType<typeof Directive> {
  return Directive(
    `@listSize(assumedSize: ${DEFAULT_PAGE_SIZE}, slicingArguments: ["first", "last"], sizedFields: ["edges"], requireOneSlicingArgument: false)`,
  );
}

/** Says what a field costs, instead of the 1 of its type: for what is dear to do. */
export function Cost(weight: number): ReturnType<typeof Directive> {
  return Directive(`@cost(weight: ${weight})`);
}
