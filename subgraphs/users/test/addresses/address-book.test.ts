import type { Viewer } from '@shopgraph/kit';
import { anApiKey, anonymous, aUser } from '@shopgraph/kit/testing';
import { journeys, type UserErrorAnswer } from '../journeys';
import { startUsers, type TestUsers } from '../start-users';

let users: TestUsers;
let join: ReturnType<typeof journeys>['join'];
beforeAll(async () => {
  users = await startUsers();
  ({ join } = journeys(users));
});
afterAll(() => users.stop());

interface AddressAnswer {
  id: string;
  name: string;
  city: string;
  isDefaultShipping: boolean;
  isDefaultBilling: boolean;
  version: number;
}

interface PayloadAnswer {
  address: AddressAnswer | null;
  user: { id: string; addresses: { id: string }[] } | null;
  userErrors: UserErrorAnswer[];
}

const ADDRESS = 'id name line1 line2 city region postalCode country phone isDefaultShipping isDefaultBilling version';
const PAYLOAD = `{ address { ${ADDRESS} } user { id addresses { id } } userErrors { code message field } }`;
const CREATE = `mutation ($input: AddressBookInput!) { payload: addressCreate(input: $input) ${PAYLOAD} }`;
const UPDATE = `mutation ($id: ID!, $expectedVersion: Int, $input: AddressUpdateInput!) {
  payload: addressUpdate(id: $id, expectedVersion: $expectedVersion, input: $input) ${PAYLOAD}
}`;
const DELETE = `mutation ($id: ID!, $expectedVersion: Int) {
  payload: addressDelete(id: $id, expectedVersion: $expectedVersion) ${PAYLOAD}
}`;

const home = { name: 'Ada Lovelace', line1: 'Rua das Flores 1', city: 'Porto', country: 'PT' };

async function mutate(viewer: Viewer, query: string, variables: object): Promise<PayloadAnswer> {
  const { data, errors } = await users.send<{ payload: PayloadAnswer }>(viewer, query, variables);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.payload;
}

async function create(viewer: Viewer, input: object = {}): Promise<AddressAnswer> {
  const { address, userErrors } = await mutate(viewer, CREATE, { input: { ...home, ...input } });
  if (!address) throw new Error(JSON.stringify(userErrors));
  return address;
}

async function addressesOf(viewer: Viewer): Promise<AddressAnswer[]> {
  const query = `{ me { addresses { ${ADDRESS} } } }`;
  const { data } = await users.send<{ me: { addresses: AddressAnswer[] } }>(viewer, query);
  return data.me.addresses;
}

describe('an address', () => {
  it('is added, changed, and deleted by the user whose it is', async () => {
    const { viewer, user } = await join();
    const input = { ...home, line2: ' 2.º esq. ', region: '', postalCode: '4000-001', phone: '+351 22 000 0000' };
    const added = await mutate(viewer, CREATE, { input });
    const { id = '' } = added.address ?? {};
    expect(added).toEqual({
      address: {
        ...{ ...input, id: expect.stringMatching(/^addr_/) as string, line2: '2.º esq.', region: null },
        ...{ isDefaultShipping: false, isDefaultBilling: false, version: 1 },
      },
      user: { id: user.id, addresses: [{ id }] },
      userErrors: [],
    });

    const changes = { city: 'Lisboa', phone: '', line2: null };
    const changed = await mutate(viewer, UPDATE, { id, expectedVersion: 1, input: changes });
    expect(changed.address).toEqual({ ...added.address, city: 'Lisboa', phone: null, version: 2 });
    expect(await addressesOf(viewer)).toEqual([changed.address]);

    const deleted = await mutate(viewer, DELETE, { id, expectedVersion: 2 });
    expect(deleted).toEqual({ address: changed.address, user: { id: user.id, addresses: [] }, userErrors: [] });
    expect(await addressesOf(viewer)).toEqual([]);

    const audited = await users.collection('auditEntries').find({ subject: id }).sort({ _id: 1 }).toArray();
    expect(audited.map(({ action, actor }) => [action, actor])).toEqual(
      ['address.created', 'address.updated', 'address.deleted'].map((action) => [action, user.id]),
    );
    expect(JSON.stringify(audited)).not.toMatch(/Lisboa|Flores|Lovelace/);
  });

  it('of somebody else looks like one that there is not', async () => {
    const owner = (await join()).viewer;
    const { id } = await create(owner);
    const stranger = (await join()).viewer;
    const nowhere = 'addr_01jz0000000000000000000000';
    for (const [query, rest] of [[UPDATE, { input: { city: 'X' } }] as const, [DELETE, {}] as const]) {
      const theirs = await mutate(stranger, query, { id, ...rest });
      expect(theirs).toEqual(await mutate(stranger, query, { id: nowhere, ...rest }));
      expect(theirs).toMatchObject({ address: null, user: null, userErrors: [{ code: 'NOT_FOUND', field: ['id'] }] });
    }
    expect(await addressesOf(owner)).toMatchObject([{ id, city: 'Porto' }]);
  });

  it('is shown to staff with user:read, not to other customers', async () => {
    const { viewer, user } = await join();
    await create(viewer);
    const query = 'query ($id: ID!) { user(id: $id) { addresses { city } } }';
    const support = await users.send(aUser({ permissions: ['user:read'] }), query, { id: user.id });
    expect(support.data).toEqual({ user: { addresses: [{ city: 'Porto' }] } });
    const entity = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { addresses { city } } } }';
    const r = [{ __typename: 'User', id: user.id }];
    for (const other of [aUser(), anonymous]) {
      expect((await users.send(other, entity, { r })).data).toEqual({ _entities: [null] });
    }
  });

  it.each([
    ['nobody known', anonymous, 'UNAUTHENTICATED'],
    ['a program', anApiKey({ permissions: ['user:manage', 'user:read'] }), 'FORBIDDEN'],
  ])('is not for %s to add', async (_who, viewer, code) => {
    const { errors } = await users.send(viewer, CREATE, { input: home });
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });

  it('is not added to an account that was closed since its token was issued', async () => {
    const { viewer, user } = await join();
    await users.collection('users').updateOne({ _id: user.id }, { $set: { status: 'ANONYMISED' } });
    const { errors } = await users.send(viewer, CREATE, { input: home });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(await users.collection('addressBooks').countDocuments({ _id: user.id })).toBe(0);
  });
});

describe('the version of an address', () => {
  it('is told in the refusal of a change that was made for another', async () => {
    const { viewer } = await join();
    const { id } = await create(viewer);
    await mutate(viewer, UPDATE, { id, input: { city: 'Lisboa' } });
    for (const [query, rest] of [[UPDATE, { input: { city: 'Faro' } }] as const, [DELETE, {}] as const]) {
      const refused = await mutate(viewer, query, { id, expectedVersion: 1, ...rest });
      const message = expect.stringContaining('its version is 2') as string;
      expect(refused).toMatchObject({
        address: null,
        userErrors: [{ code: 'CONFLICT', field: ['expectedVersion'], message }],
      });
    }
    expect(await addressesOf(viewer)).toMatchObject([{ city: 'Lisboa', version: 2 }]);
  });

  it('lets one of ten simultaneous changes pass', async () => {
    const { viewer } = await join();
    const { id } = await create(viewer);
    const cities = Array.from({ length: 10 }, (_, index) => `City ${index}`);
    const answers = await Promise.all(
      cities.map((city) => mutate(viewer, UPDATE, { id, expectedVersion: 1, input: { city } })),
    );
    const winners = answers.flatMap(({ address }) => address ?? []);
    expect(winners).toHaveLength(1);
    expect(await addressesOf(viewer)).toEqual(winners);
  });
});

describe('simultaneous additions', () => {
  it('are all kept, with one default of each kind, also when they are the first', async () => {
    const { viewer } = await join();
    const asDefault = { isDefaultShipping: true, isDefaultBilling: true };
    await Promise.all(Array.from({ length: 8 }, () => create(viewer, asDefault)));
    const addresses = await addressesOf(viewer);
    expect(addresses).toHaveLength(8);
    expect(addresses.filter(({ isDefaultShipping }) => isDefaultShipping)).toHaveLength(1);
    expect(addresses.filter(({ isDefaultBilling }) => isDefaultBilling)).toHaveLength(1);
  });

  it('do not lead beyond 50 addresses', async () => {
    const { viewer, user } = await join();
    await create(viewer);
    const books = users.collection('addressBooks');
    const [kept] = (await books.findOne({ _id: user.id }))?.addresses as [object];
    const many = Array.from({ length: 48 }, (_, index) => ({ ...kept, id: `addr_${index}` }));
    await books.updateOne({ _id: user.id }, { $set: { addresses: many } });

    const answers = await Promise.all(Array.from({ length: 6 }, () => mutate(viewer, CREATE, { input: home })));
    const refused = answers.filter(({ address }) => address === null);
    expect(refused).toHaveLength(4);
    for (const { userErrors } of refused) {
      expect(userErrors).toMatchObject([{ code: 'BAD_USER_INPUT', field: ['input'] }]);
    }
    expect(await addressesOf(viewer)).toHaveLength(50);
  });
});

describe('an address that is not valid', () => {
  let viewer: Viewer;
  let id: string;
  beforeAll(async () => {
    ({ viewer } = await join());
    ({ id } = await create(viewer));
  });

  it.each([
    ['no country of ISO 3166-1', { country: 'ZZ' }, 'country'],
    ['a country in small letters', { country: 'pt' }, 'country'],
    ['no name', { name: '  ' }, 'name'],
    ['a street too long', { line1: 'x'.repeat(201) }, 'line1'],
    ['a postal code too long', { postalCode: '1'.repeat(21) }, 'postalCode'],
    ['a phone number too long', { phone: '1'.repeat(31) }, 'phone'],
    ['a town in the other direction', { city: 'Porto\u202e' }, 'city'],
    ['markup', { line2: '<img src=x>' }, 'line2'],
    ['a line break', { region: 'a\nb' }, 'region'],
  ])('with %s is refused, with the path', async (_what, change, field) => {
    const expected = [{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['input', field] }] } }];
    expect((await users.send(viewer, CREATE, { input: { ...home, ...change } })).errors).toMatchObject(expected);
    expect((await users.send(viewer, UPDATE, { id, input: change })).errors).toMatchObject(expected);
    expect(await addressesOf(viewer)).toMatchObject([{ id, version: 1 }]);
  });

  it('is not one in any script or with emoji: it is kept as it is', async () => {
    const input = { name: 'عمر 👩‍👩‍👧', line1: '日本橋 1-2', city: '東京', country: 'JP' };
    expect(await create(viewer, input)).toMatchObject(input);
    expect(await addressesOf(viewer)).toMatchObject([{ id }, input]);
  });
});
