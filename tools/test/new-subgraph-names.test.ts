import { checkFreeInGraph } from '../src/new-subgraph-conflicts';
import { listedSubgraphs, withDependency, withListed } from '../src/new-subgraph-listing';
import { BadNameError, subgraphNames } from '../src/new-subgraph-names';

describe('names', () => {
  it.each([
    ['reviews', undefined, { Subgraph: 'Reviews', Entity: 'Review', entities: 'reviews', ENV: 'REVIEWS', a: 'a' }],
    [
      'gift-cards',
      undefined,
      { subgraph: 'giftCards', entity: 'giftCard', 'entity-kebab': 'gift-card', prefix: 'gift_card' },
    ],
    ['categories', undefined, { Entity: 'Category', entities: 'categories' }],
    ['tax-boxes', undefined, { Entity: 'TaxBox', entities: 'taxBoxes', 'words-plural': 'tax boxes' }],
    ['addresses', undefined, { Entity: 'Address', entities: 'addresses', a: 'an', A: 'An' }],
    ['loyalty', undefined, { Entity: 'Loyalty', entities: 'loyalties', subgraph: 'loyalty' }],
    ['news', 'NewsItem', { subgraph: 'news', Entity: 'NewsItem', 'entity-kebab': 'news-item', entities: 'newsItems' }],
    ['taxes', 'VATRate', { Entity: 'VATRate', 'entity-kebab': 'vat-rate', entity: 'vatRate' }],
  ])('of %s (%s) fit where they go', (name, entity, expected) => {
    expect(subgraphNames(name, entity)).toMatchObject({ name, ...expected });
  });

  it.each([
    ['Reviews', undefined, 'lower-case'],
    ['../reviews', undefined, 'lower-case'],
    ['-reviews', undefined, 'lower-case'],
    ['gift--cards', undefined, 'lower-case'],
    ['2fast', undefined, 'lower-case'],
    ['', undefined, 'lower-case'],
    ['x'.repeat(41), undefined, 'up to 40'],
    ['reviews', 'review', 'write it like GiftCard'],
    ['reviews', "R'; drop", 'write it like GiftCard'],
    // `return` and `outbox` are words that the code needs for something else.
    ['returns', undefined, '--entity'],
    ['outboxes', undefined, '--entity'],
    // Its file would be one that every subgraph has.
    ['contexts', undefined, '--entity'],
  ])('such as %p (%p) are refused, with what to do instead', (name, entity, advice) => {
    expect(() => subgraphNames(name, entity)).toThrow(BadNameError);
    expect(() => subgraphNames(name, entity)).toThrow(advice);
  });

  it.each([
    ['a type', 'type Review { id: ID }'],
    ['a type of its list', 'type ReviewEdge { id: ID }'],
    ['a query', 'extend type Query { reviews: Int }'],
    ['a mutation', 'extend type Mutation { reviewCreate: Int }'],
  ])('are refused when the supergraph has %s of that name', (_what, sdl) => {
    const api = `type Query { a: Int } type Mutation { a: Int } ${sdl}`;
    expect(() => checkFreeInGraph(api, subgraphNames('reviews', undefined))).toThrow('already');
    expect(() => checkFreeInGraph(api, subgraphNames('reviews', 'Opinion'))).not.toThrow();
  });
});

describe('the list of subgraphs', () => {
  const source = `import { configSchema as usersConfig, usersSchema } from '@shopgraph/users';
import type { GraphQLSchema } from 'graphql';

export const subgraphs: readonly Subgraph[] = [
  { name: 'users', port: 4001, schema: usersSchema, config: usersConfig },
];
`;

  it('is read from its source', () => {
    expect(listedSubgraphs(source)).toEqual([{ name: 'users', port: 4001 }]);
  });

  it('gets a new entry at its end', () => {
    const extended = withListed(source, { name: 'gift-cards', subgraph: 'giftCards', port: 4002 });
    expect(extended).toContain(
      "from '@shopgraph/users';\nimport { configSchema as giftCardsConfig, giftCardsSchema } from '@shopgraph/gift-cards';\n",
    );
    expect(extended).toContain(
      "config: usersConfig },\n  { name: 'gift-cards', port: 4002, schema: giftCardsSchema, config: giftCardsConfig },\n];",
    );
    expect(listedSubgraphs(extended)).toHaveLength(2);
  });

  it('is not guessed at when the source holds none', () => {
    expect(() => withListed('export {};', { name: 'a', subgraph: 'a', port: 1 })).toThrow('no list');
  });

  it('has its packages among the dependencies, in order', () => {
    const text = JSON.stringify({ name: 'tools', dependencies: { b: '1', d: '1' } });
    expect(withDependency(text, 'c', '2')).toBe(
      `${JSON.stringify({ name: 'tools', dependencies: { b: '1', c: '2', d: '1' } }, null, 2)}\n`,
    );
  });
});
