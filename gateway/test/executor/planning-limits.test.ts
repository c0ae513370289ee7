import { before } from './small-graph';

const TYPES = Array.from({ length: 80 }, (_, index) => `T${index}`);
const onEach = (selections: string) => TYPES.map((type) => `... on ${type} { ${selections} }`).join(' ');
const nested = (depth: number): string => (depth === 0 ? 'id' : `related { id rank: __typename ${nested(depth - 1)} }`);

/** Eighty implementations of an interface; of those in `shared`, two subgraphs know what they are related to. */
const graph = (shared: readonly string[]) => {
  const relates = (type: string) => (shared.includes(type) ? 'related: [Node!]! @shareable' : 'related: [Node!]!');
  const sharedTypes = TYPES.filter((type) => shared.includes(type));
  const nodes = TYPES.map((type) => ({ __typename: type, id: type }));
  const type = {
    __resolveReference: (reference: object) => reference,
    rank: ({ id }: { id: string }) => Number(id.slice(1)),
  };
  const related = { ...type, related: () => nodes.slice(0, 2) };
  const resolvers = (type: object) => Object.fromEntries(TYPES.map((name) => [name, type]));
  const Node = { __resolveType: ({ __typename }: { __typename: string }) => __typename };
  return before({
    nodes: [
      `type Query { nodes: [Node!]! } interface Node { id: ID! related: [Node!]! }
       ${TYPES.map((type) => `type ${type} implements Node @key(fields: "id") { id: ID! ${relates(type)} }`).join('\n')}`,
      { Query: { nodes: () => nodes }, Node, ...resolvers({ related: related.related }) },
    ],
    ranks: [
      `interface Node { id: ID! ${sharedTypes.length === TYPES.length ? 'related: [Node!]!' : ''} }
       ${TYPES.map((type) => `type ${type} implements Node @key(fields: "id") { id: ID! rank: Int ${shared.includes(type) ? relates(type) : ''} }`).join('\n')}`,
      { Node, ...resolvers({ rank: type.rank }), ...Object.fromEntries(sharedTypes.map((name) => [name, related])) },
    ],
  });
};

describe('an interface with eighty implementations', () => {
  let started: Awaited<ReturnType<typeof graph>>;
  beforeAll(async () => {
    started = await graph([]);
  });

  it.each([
    ['fields of each from another subgraph', `{ nodes { id ${onEach('rank')} } }`],
    ['the same, two levels deep', `{ nodes { related { related { id ${onEach('rank')} } } } }`],
    ['nesting', `{ nodes { ${nested(4)} } }`],
  ])('is planned with %s', async (_what, query) => {
    const start = performance.now();
    const { data, errors } = await started.ours(query);
    expect([(data as { nodes: unknown[] }).nodes, errors]).toEqual([expect.any(Array), []]);
    expect((data as { nodes: unknown[] }).nodes).toHaveLength(80);
    expect(performance.now() - start).toBeLessThan(60_000);
  });

  it('answers what each of them has', async () => {
    const { data } = await started.ours(`{ nodes { ${onEach('rank')} } }`);
    expect(data).toEqual({ nodes: TYPES.map((_, rank) => ({ rank })) });
  });
});

describe('what two subgraphs know of many implementations', () => {
  const refusal = {
    message: 'There are too many ways to answer this operation: ask for less at once.',
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  };

  it.each([
    ['at once', TYPES, '{ nodes { related { id } } }'],
    ['in levels', TYPES.slice(0, 4), '{ nodes { related { related { related { related { id } } } } } }'],
    ['through fragments', TYPES, '{ nodes { ...F } } fragment F on Node { id ... { related { id } } }'],
  ])('is refused %s before it takes all memory', async (_where, shared, query) => {
    const { ours } = await graph(shared);
    await expect(ours(query)).rejects.toMatchObject(refusal);
  });

  it('is planned where it is little', async () => {
    const { ours } = await graph(TYPES.slice(0, 4));
    const related = [{ id: 'T0' }, { id: 'T1' }];
    expect(await ours('{ nodes { related { id } } }')).toEqual({
      data: { nodes: TYPES.map(() => ({ related })) },
      errors: [],
    });
  });
});
