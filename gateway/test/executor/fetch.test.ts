import type { FetchNode } from '@apollo/query-planner';
import { buildSchema, OperationTypeNode } from 'graphql';
import { compileFetch } from '../../src/executor/fetch';
import type { SubgraphCall } from '../../src/executor/subgraph-call';
import { Types } from '../../src/executor/types';

const types = new Types(
  buildSchema(`
    interface Media { id: ID! }
    type Book implements Media { id: ID! }
    type Film implements Media { id: ID! }
    type Query { media: [Media] }
  `),
);

describe('a call for entities of a subgraph that knows their interface only', () => {
  it('asks once for those that are alike there, and gives each of them the answer', async () => {
    const node: FetchNode = {
      kind: 'Fetch',
      serviceName: 'reviews',
      requires: ['Book', 'Film'].map((typeCondition) => ({
        kind: 'InlineFragment',
        typeCondition,
        selections: ['__typename', 'id'].map((name) => ({ kind: 'Field', name })),
      })),
      inputRewrites: ['Book', 'Film'].map((type) => ({
        kind: 'ValueSetter',
        path: [`... on ${type}`, '__typename'],
        setValueTo: 'Media',
      })),
      operation: 'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... } }',
      operationKind: OperationTypeNode.QUERY,
      operationName: undefined,
    };
    const calls: SubgraphCall[] = [];
    const fetch = compileFetch<null>(node, ['media', '@'], {
      types,
      callSubgraph: async (call) => {
        calls.push(call);
        return { data: { _entities: [{ stars: 5 }, { stars: 3 }] }, errors: [] };
      },
    });
    const media = [
      { __typename: 'Book', id: '1' },
      { __typename: 'Film', id: '1' },
      { __typename: 'Film', id: '2' },
    ];
    await fetch({ request: null, variables: {}, conditions: {}, data: { media }, errors: [] });

    expect(calls.map(({ representations }) => representations)).toEqual([
      ['{"__typename":"Media","id":"1"}', '{"__typename":"Media","id":"2"}'],
    ]);
    expect(media).toEqual([
      { __typename: 'Book', id: '1', stars: 5 },
      { __typename: 'Film', id: '1', stars: 5 },
      { __typename: 'Film', id: '2', stars: 3 },
    ]);
  });
});
