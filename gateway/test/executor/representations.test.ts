import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { buildSchema } from 'graphql';
import type { Entity } from '../../src/executor/entities';
import { compileRepresentation } from '../../src/executor/representations';
import { Types } from '../../src/executor/types';

const types = new Types(
  buildSchema(`
    interface Media { id: ID! }
    type Book implements Media { id: ID! }
    type Film implements Media { id: ID! }
    type Query { media: Media }
  `),
);

const field = (name: string, selections?: QueryPlanSelectionNode[], alias?: string): QueryPlanSelectionNode => ({
  kind: 'Field',
  name,
  ...(selections && { selections }),
  ...(alias !== undefined && { alias }),
});
const on = (typeCondition: string, ...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
  kind: 'InlineFragment',
  typeCondition,
  selections,
});
const typename = field('__typename');

describe('the representation of an entity', () => {
  const book = on('Book', typename, field('id'));

  it.each<[string, QueryPlanSelectionNode[], Entity, Entity | null]>([
    ['holds what is required, and nothing else', [book], { __typename: 'Book', id: '1', name: 'x' }, { id: '1' }],
    ['holds null where there is null', [book], { __typename: 'Book', id: null }, { id: null }],
    ['is none without a required field', [book], { __typename: 'Book', name: 'x' }, null],
    ['is none for another type', [book], { __typename: 'Film', id: '1' }, null],
    ['is none without a type', [book], { id: '1' }, null],
    ['is none for a type that is no name', [book], { __typename: 3, id: '1' }, null],
    ['is none when nobody asks for the type', [on('Book', field('id'))], { __typename: 'Book', id: '1' }, null],
    ['follows interfaces', [on('Media', typename, field('id'))], { __typename: 'Film', id: '1' }, { id: '1' }],
    [
      'holds what all fragments require',
      [book, on('Media', typename, field('price'))],
      { __typename: 'Book', id: '1', price: 2 },
      { id: '1', price: 2 },
    ],
    [
      'leaves out a fragment of which something is missing',
      [book, on('Book', typename, field('price'), field('weight'))],
      { __typename: 'Book', id: '1', weight: 3 },
      { id: '1' },
    ],
    [
      'leaves out a fragment within one that is left out',
      [book, on('Book', field('price'), on('Book', field('weight')))],
      { __typename: 'Book', id: '1', weight: 3 },
      { id: '1' },
    ],
    [
      'merges what fragments require of the same field',
      [
        on('Book', typename, field('size', [field('height')])),
        on('Book', field('size', [field('width')]), field('id')),
      ],
      { __typename: 'Book', id: '1', size: { height: 1, width: 2, depth: 3 } },
      { size: { height: 1, width: 2 }, id: '1' },
    ],
    [
      'goes through lists, and holds null for objects of which something is missing',
      [on('Book', typename, field('parts', [field('id')]))],
      { __typename: 'Book', parts: [[{ id: '1', name: 'x' }], null, { name: 'y' }] },
      { parts: [[{ id: '1' }], null, null] },
    ],
    [
      'sends a field by its name, wherever its value stands',
      [on('Book', typename, field('comments', undefined, '_first'))],
      { __typename: 'Book', comments: 1, _first: { any: ['json', true] } },
      { comments: { any: ['json', true] } },
    ],
    [
      'takes no property for a field that every object inherits',
      [on('Book', typename, field('constructor'))],
      { __typename: 'Book' },
      null,
    ],
    ['escapes texts', [book], { __typename: 'Book', id: '"\\\u0000\ud800' }, { id: '"\\\u0000\ud800' }],
  ])('%s', (_what, requires, entity, expected) => {
    const text = compileRepresentation(requires, types)(entity);
    expect(text === null ? null : JSON.parse(text)).toEqual(
      expected && { __typename: entity.__typename as string, ...expected },
    );
  });

  it('is right for entities of many types and shapes in turn', () => {
    const represent = compileRepresentation(
      [book, on('Film', typename, field('id')), on('Media', field('year'))],
      types,
    );
    const texts = [
      { __typename: 'Film', id: '1', year: 1999 },
      { __typename: 'Book', id: '2' },
      { __typename: 'Film', id: '3' },
      { __typename: 'Play', id: '4' },
      { __typename: 'Book', id: '5', year: 2001 },
    ].map((entity) => represent(entity));
    expect(texts).toEqual([
      '{"__typename":"Film","id":"1","year":1999}',
      '{"__typename":"Book","id":"2"}',
      '{"__typename":"Film","id":"3"}',
      null,
      '{"__typename":"Book","id":"5","year":2001}',
    ]);
  });
});
