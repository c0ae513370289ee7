import { buildSchema } from 'graphql';
import { allow, deny, isSignedIn, visible } from '../../src/permissions';
import { ruleOf, unguardedFields, unknownNames } from '../../src/rule-table';

const schema = buildSchema(/* GraphQL */ `
  type Query {
    thing: Thing
    secret: String
  }
  type Mutation {
    thingCreate: Thing
  }
  type Subscription {
    thingChanged: Thing
  }
  type Thing implements Named {
    name: String
    price: Int
    constructor: String
  }
  type Other {
    id: ID
    part: Thing
  }
  interface Named {
    name: String
  }
  union Any = Thing | Other
`);
const roots = {
  Query: { thing: allow, secret: deny },
  Mutation: { thingCreate: allow },
  Subscription: { thingChanged: allow },
};

describe('what a table leaves without a rule', () => {
  it.each([
    ['nothing, by rules of types', { ...roots, ...visible('Why not.', 'Thing', 'Other') }, []],
    ['nothing, by rules of fields', { ...roots, Thing: deny, Other: { id: allow, part: deny } }, []],
    ['nothing, by a rule for the rest', { ...roots, Thing: deny, Other: { id: allow, '*': deny } }, []],
    ['a type', { ...roots, Thing: deny }, ['Other']],
    ['a field', { ...roots, Thing: deny, Other: { id: allow } }, ['Other.part']],
    [
      'a field that is called like what every object has',
      { ...roots, Other: allow, Thing: { name: allow, price: allow } },
      ['Thing.constructor'],
    ],
    [
      'root fields, although their type has a rule',
      { Query: allow, Mutation: { '*': allow }, Subscription: deny, Thing: deny, Other: deny },
      ['Query.thing', 'Query.secret', 'Mutation.thingCreate', 'Subscription.thingChanged'],
    ],
    [
      'everything',
      {},
      ['Query.thing', 'Query.secret', 'Mutation.thingCreate', 'Subscription.thingChanged', 'Thing', 'Other'],
    ],
  ])('is %s', (_what, table, unguarded) => {
    expect([...unguardedFields(table, schema)].sort()).toEqual([...unguarded].sort());
  });
});

describe('the rule of a field', () => {
  const table = { Thing: { name: deny, '*': isSignedIn }, Other: allow };
  it.each([
    ['Thing', 'name', deny],
    ['Thing', 'price', isSignedIn],
    ['Thing', 'constructor', isSignedIn],
    ['Other', 'id', allow],
    ['Another', 'id', undefined],
    ['constructor', 'name', undefined],
  ])('%s.%s is its own, that for the rest, that of its type, or none', (type, field, rule) => {
    expect(ruleOf(table, type, field)).toBe(rule);
  });
});

it('a table is told what it names and there is not', () => {
  const table = { Thing: { nmae: allow, '*': deny }, Nothing: deny, Named: deny, Other: allow };
  expect(unknownNames(table, schema)).toEqual(['Thing.nmae', 'Nothing', 'Named']);
});
