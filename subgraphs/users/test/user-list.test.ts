import { PERMISSIONS, type Permission, type Viewer } from '@shopgraph/kit';
import { anApiKey, anonymous, aService, aUser, expectIndexed, recordCommands } from '@shopgraph/kit/testing';
import type { User } from '../src/accounts/user';
import { documentOf } from '../src/accounts/user-document';
import { after, aUserAccount } from './builders';
import { journeys } from './journeys';
import { startUsers, type TestUsers } from './start-users';

let users: TestUsers;
beforeAll(async () => {
  users = await startUsers();
});
afterAll(() => users.stop());
beforeEach(async () => {
  await users.collection('users').deleteMany({});
});

const support = aUser({ permissions: ['user:read'] });
const admin = aUser({ permissions: Object.keys(PERMISSIONS) as Permission[] });
const SORTS = ['CREATED_AT_ASC', 'CREATED_AT_DESC', 'NAME_ASC', 'NAME_DESC', 'EMAIL_ASC', 'EMAIL_DESC'] as const;

const LIST = `query ($filter: UserFilter, $sort: UserSort, $first: Int, $after: String, $last: Int, $before: String) {
  users(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before) {
    edges { node { id name email } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface Page {
  edges: { node: { id: string; name: string; email: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

async function list(variables: object = {}, viewer: Viewer = support): Promise<Page> {
  const { data, errors } = await users.send<{ users: Page }>(viewer, LIST, variables);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.users;
}

/** The names of everybody who is found. */
async function namesOf(variables: object, viewer?: Viewer): Promise<string[]> {
  return (await list({ first: 100, ...variables }, viewer)).edges.map(({ node }) => node.name);
}

let lastNumber = 0;

/** Users as they are stored. */
async function thereAre(...people: Partial<User>[]): Promise<User[]> {
  const accounts = people.map((person) => aUserAccount({ email: `person${(lastNumber += 1)}@example.com`, ...person }));
  await users.collection('users').insertMany(accounts.map((account) => ({ ...documentOf(account) })));
  return accounts;
}

/** All pages of a list, from its start or from its end. */
async function allPages(variables: object, size: number, backward: boolean): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | null = null; ;) {
    const page: Page = await list({
      ...variables,
      ...(backward ? { last: size, before: cursor } : { first: size, after: cursor }),
    });
    pages.push(page.edges.map(({ node }) => node.id));
    cursor = backward ? page.pageInfo.startCursor : page.pageInfo.endCursor;
    if (!(backward ? page.pageInfo.hasPreviousPage : page.pageInfo.hasNextPage)) return pages;
  }
}

describe('pages of 25 users with one name and one time', () => {
  it.each(SORTS)('hold each of them once, forwards and backwards: %s', async (sort) => {
    const people = await thereAre(...Array.from({ length: 25 }, () => ({ name: 'Twin' })));
    const forwards = await allPages({ sort }, 10, false);
    expect(forwards.map((page) => page.length)).toEqual([10, 10, 5]);
    expect([...forwards.flat()].sort()).toEqual(people.map(({ id }) => id).sort());
    const backwards = await allPages({ sort }, 10, true);
    expect(backwards.reverse().flat()).toEqual(forwards.flat());
  });
});

describe('an order', () => {
  it.each([
    ['NAME_ASC', ['abe', 'Ábel', 'Zoe']],
    ['NAME_DESC', ['Zoe', 'Ábel', 'abe']],
    ['EMAIL_ASC', ['Zoe', 'abe', 'Ábel']],
    ['EMAIL_DESC', ['Ábel', 'abe', 'Zoe']],
    ['CREATED_AT_ASC', ['Ábel', 'Zoe', 'abe']],
    ['CREATED_AT_DESC', ['abe', 'Zoe', 'Ábel']],
    [undefined, ['abe', 'Zoe', 'Ábel']],
  ])('%s is kept', async (sort, names) => {
    await thereAre(
      { name: 'Zoe', email: 'a@example.com', createdAt: after(2) },
      { name: 'abe', email: 'b@example.com', createdAt: after(3) },
      { name: 'Ábel', email: 'c@example.com', createdAt: after(1) },
    );
    expect(await namesOf({ sort })).toEqual(names);
  });
});

describe('a filter', () => {
  beforeEach(async () => {
    await thereAre(
      { name: 'Ada Lovelace', email: 'ada@maths.example', createdAt: after(1_000) },
      { name: 'Adam Smith', email: 'smith@glasgow.example', status: 'DEACTIVATED', createdAt: after(2_000) },
      { name: 'Ανδρέας', email: 'andreas@patras.example', roleIds: ['CUSTOMER', 'SUPPORT'], createdAt: after(3_000) },
      { name: 'Root', email: 'root@shop.example', roleIds: ['ADMIN'], createdAt: after(4_000) },
    );
  });

  it.each<[object, string[]]>([
    [{ search: 'ad' }, ['Ada Lovelace', 'Adam Smith']],
    [{ search: 'SMI adam' }, ['Adam Smith']],
    [{ search: 'ανδρεασ' }, ['Ανδρέας']],
    [{ search: 'patras' }, ['Ανδρέας']],
    [{ search: 'Ada@Maths.example' }, ['Ada Lovelace']],
    [{ search: 'lovelace glasgow' }, []],
    [{ search: '.*' }, []],
    [{ search: '(((((((((a+)+)+)+)+)+)+)+)+$' }, ['Ada Lovelace', 'Adam Smith', 'Ανδρέας']],
    [{ status: 'DEACTIVATED' }, ['Adam Smith']],
    [{ status: 'ANONYMISED' }, []],
    [{ roleId: 'CUSTOMER' }, ['Ada Lovelace', 'Adam Smith', 'Ανδρέας']],
    [{ roleId: 'NO_SUCH_ROLE' }, []],
    [{ roleId: '__proto__' }, []],
    [{ createdFrom: after(2_000) }, ['Adam Smith', 'Ανδρέας', 'Root']],
    [{ createdTo: after(2_000) }, ['Ada Lovelace']],
    [{ createdFrom: after(2_000), createdTo: after(3_000) }, ['Adam Smith']],
    [{ createdFrom: after(3_000), createdTo: after(2_000) }, []],
    [{ search: 'a', status: 'ACTIVE', roleId: 'CUSTOMER', createdTo: after(3_000) }, ['Ada Lovelace']],
    [{}, ['Ada Lovelace', 'Adam Smith', 'Ανδρέας', 'Root']],
  ])('%j finds %j', async (filter, names) => {
    expect(await namesOf({ filter, sort: 'CREATED_AT_ASC' })).toEqual(names);
  });

  it('by a role finds nobody for whom the role is not shown to', async () => {
    expect(await namesOf({ filter: { roleId: 'ADMIN' } }, admin)).toEqual(['Root']);
    expect(await namesOf({ filter: { roleId: 'ADMIN' } }, support)).toEqual([]);
    const reader = anApiKey({ permissions: ['user:read'] });
    expect(await namesOf({ filter: { roleId: 'ADMIN' } }, reader)).toEqual([]);
    expect(await namesOf({ filter: { roleId: 'CUSTOMER' } }, reader)).toHaveLength(3);
  });

  it.each([
    ['search', { filter: { search: 'x'.repeat(321) } }, ['filter', 'search']],
    ['search', { filter: { search: ' ' } }, ['filter', 'search']],
    ['roleId', { filter: { roleId: 'x'.repeat(65) } }, ['filter', 'roleId']],
    ['first', { first: 101 }, ['first']],
    ['after', { after: 'bm90aGluZw' }, ['after']],
  ])('is refused by its name: %s', async (_what, variables, path) => {
    const { errors } = await users.send(support, LIST, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path }] } }]);
  });
});

describe('what users are found by', () => {
  it('follows their name', async () => {
    const { viewer } = await journeys(users).join();
    await users.send(viewer, 'mutation { profileUpdate(input: { name: "Grace Hopper" }) { user { id } } }');
    expect(await namesOf({ filter: { search: 'hopper' } })).toEqual(['Grace Hopper']);
    expect(await namesOf({ filter: { search: 'lovelace' } })).toEqual([]);
  });

  it('is completed at the start for users of before, and shown to nobody', async () => {
    await thereAre(...Array.from({ length: 5 }, (_, index) => ({ name: `Old ${index}` })));
    await users.collection('users').updateMany({}, { $unset: { nameSort: 1, searchWords: 1 } });
    expect(await namesOf({ filter: { search: 'old' } })).toEqual([]);
    const replica = await startUsers({ database: users.database });
    expect(await namesOf({ filter: { search: 'old' }, sort: 'NAME_DESC' })).toEqual([
      'Old 4',
      'Old 3',
      'Old 2',
      'Old 1',
      'Old 0',
    ]);
    await replica.stop();
  });
});

describe('the list', () => {
  it.each([
    ['nobody known', anonymous, 'UNAUTHENTICATED'],
    ['a customer', aUser(), 'FORBIDDEN'],
    ['a program without user:read', anApiKey({ permissions: ['order:read'] }), 'FORBIDDEN'],
    ['a sibling service', aService('orders'), 'FORBIDDEN'],
  ])('is not for %s', async (_who, viewer, code) => {
    const { errors } = await users.send(viewer, LIST);
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });

  it('finds its users by an index, whatever is asked', async () => {
    await thereAre(...Array.from({ length: 3 }, (_, index) => ({ name: `Person ${index}` })));
    const commands = recordCommands(users.connection);
    const filters = [
      {},
      { search: 'person' },
      { search: '人' },
      { search: 'person1@example.com' },
      { status: 'ACTIVE' },
    ];
    const more = [{ roleId: 'CUSTOMER' }, { createdFrom: after(0), createdTo: after(1) }, { search: '?' }];
    for (const filter of [...filters, ...more, Object.assign({}, ...filters, ...more) as object]) {
      for (const sort of SORTS) {
        const { pageInfo } = await list({ filter, sort, first: 1 });
        if (pageInfo.endCursor !== null) await list({ filter, sort, first: 1, after: pageInfo.endCursor });
        await list({ filter, sort, last: 1 });
      }
    }
    expect(commands.filter(({ command }) => command.find === 'users').length).toBeGreaterThan(100);
    await expectIndexed(users.connection, commands);
  });

  it('of 100 users with roles, permissions, addresses and sessions costs one query for each collection', async () => {
    const roles = Array.from({ length: 3 }, (_, index) => ({
      ...{ _id: `ROLE_${index}`, name: `Role ${index}`, permissions: ['user:read'], version: 1 },
    }));
    await users.collection('roles').insertMany(roles);
    await thereAre(...Array.from({ length: 100 }, (_, index) => ({ roleIds: ['CUSTOMER', `ROLE_${index % 3}`] })));
    const commands = recordCommands(users.connection);
    const query = `{ users(first: 100) { edges { node {
      id name email roles { id name } permissions addresses { city } sessions { id }
    } } } }`;
    const { data, errors } = await users.send<{ users: { edges: { node: { permissions: string[] } }[] } }>(
      support,
      query,
    );
    expect(errors).toBeUndefined();
    expect(data.users.edges).toHaveLength(100);
    expect(data.users.edges.every(({ node }) => node.permissions.join() === 'user:read')).toBe(true);
    const asked = commands
      .map(({ command }) => command.find)
      .filter((name) => ['users', 'roles', 'addressBooks', 'sessions'].includes(String(name)));
    expect(asked.sort()).toEqual(['addressBooks', 'roles', 'sessions', 'users']);
    await users.collection('roles').deleteMany({});
  });
});
