import 'reflect-metadata';
import { graphql } from 'graphql';
import { Field, ObjectType, Query, Resolver } from 'type-graphql';
import { buildFederatedSchema } from '../../src/federated-schema';
import { enforce } from '../../src/permission-enforcement';
import {
  allow,
  deny,
  hasPermission,
  isSignedIn,
  isUserWith,
  type PermissionTable,
  visible,
} from '../../src/permissions';
import { anonymous, aUser } from '../../testing/viewers';

@ObjectType('Safe')
class Safe {
  @Field(() => String)
  label!: string;

  @Field(() => String)
  content!: string;
}

@Resolver()
class SafeResolver {
  @Query(() => Safe)
  safe(): Safe {
    return { label: 'red', content: 'gold' };
  }

  @Query(() => String)
  weather(): string {
    return 'fair';
  }
}

function schemaWith(permissions: PermissionTable) {
  return buildFederatedSchema({ resolvers: [SafeResolver], types: [], entities: {}, permissions });
}

const good: PermissionTable = {
  Query: { safe: allow, weather: allow },
  Safe: { label: allow, content: isSignedIn },
};

describe('a subgraph does not start', () => {
  it('with a root field or a type that has no rule, and says what to do', () => {
    const { Safe: _rules, ...rest } = good;
    const forgetful = { ...rest, Query: { safe: allow } };
    expect(() => schemaWith(forgetful)).toThrow(/have no rule for Query\.weather, Safe\. .*\.\.\.visible\(reason/);
  });

  it('with a field that has none, where its type names others', () => {
    expect(() => schemaWith({ ...good, Safe: { label: allow } })).toThrow('Safe.content');
  });

  it('with a rule for a whole root type instead of its fields', () => {
    expect(() => schemaWith({ ...good, Query: { '*': allow } })).toThrow('Query.safe, Query.weather');
  });

  it('with a rule for what there is not, which would protect nothing', () => {
    expect(() => schemaWith({ ...good, Save: deny })).toThrow('name what there is not: Save');
    expect(() => schemaWith({ ...good, Query: { ...good.Query, whether: deny } })).toThrow('Query.whether');
  });
});

describe('a subgraph with a rule for everything', () => {
  const ask = (viewer: object, query: string) =>
    graphql({ schema: schemaWith(good), source: query, contextValue: { viewer } });

  it('answers what everybody may see, and refuses the rest', async () => {
    expect((await ask(anonymous, '{ weather safe { label } _service { sdl } }')).errors).toBeUndefined();
    const { data, errors } = await ask(anonymous, '{ weather safe { label content } }');
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ path: ['safe', 'content'], extensions: { code: 'UNAUTHENTICATED' } }]);
    expect((await ask(aUser(), '{ safe { content } }')).data).toEqual({ safe: { content: 'gold' } });
  });

  it('wraps only the fields that not everybody may see', () => {
    const wrapped = enforce(good, schemaWith(good));
    expect(wrapped).toEqual({ Safe: { content: expect.any(Function) } });
    const open = { ...good, ...visible('Why not.', 'Safe') };
    expect(enforce(open, schemaWith(good))).toEqual({});
    const closed = { ...good, Safe: { label: allow, '*': isSignedIn } };
    expect(enforce(closed, schemaWith(good))).toEqual({ Safe: { content: expect.any(Function) } });
  });
});

it('a rule can be asked for as often as one likes in one table', () => {
  expect(hasPermission('user:read')).toBe(hasPermission('user:read'));
  expect(isUserWith('user:read')).toBe(isUserWith('user:read'));
  expect(hasPermission('user:read')).not.toBe(isUserWith('user:read'));
});
