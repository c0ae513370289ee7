import { type Connection, DEFAULT_PAGE_SIZE, DomainError, type PageArgs } from '@shopgraph/kit';

/**
 * One page of a short list that is in memory anyway; the ids of its nodes are the cursors.
 * @throws DomainError BAD_USER_INPUT when forward and backward arguments are mixed, or for a cursor that is none.
 */
export function pageOf<Node extends { id: string }>(nodes: readonly Node[], page: PageArgs): Connection<Node> {
  const { first, after, last, before } = page;
  const isBackward = last != null || before != null;
  if (isBackward && (first != null || after != null)) {
    throw badArgument(last != null ? 'last' : 'before', 'cannot be combined with first or after');
  }
  const end = before == null ? nodes.length : placeOf(before, 'before', nodes);
  const start = after == null ? 0 : placeOf(after, 'after', nodes) + 1;
  const size = (isBackward ? last : first) ?? DEFAULT_PAGE_SIZE;
  const [from, to] = isBackward ? [Math.max(end - size, 0), end] : [start, Math.min(start + size, nodes.length)];
  const edges = nodes.slice(from, to).map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: to < nodes.length,
      hasPreviousPage: from > 0,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function cursorOf({ id }: { id: string }): string {
  return Buffer.from(id).toString('base64url');
}

function placeOf(cursor: string, argument: string, nodes: readonly { id: string }[]): number {
  const place = nodes.findIndex((node) => cursorOf(node) === cursor);
  if (place === -1) throw badArgument(argument, 'is not a cursor of this list');
  return place;
}

function badArgument(argument: string, problem: string): DomainError {
  return new DomainError('BAD_USER_INPUT', { fields: [{ path: [argument], message: `${argument} ${problem}` }] });
}
