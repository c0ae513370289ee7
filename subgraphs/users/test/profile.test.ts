import type { Viewer } from '@shopgraph/kit';
import { anApiKey, anonymous, aUser } from '@shopgraph/kit/testing';
import { journeys, type UserErrorAnswer } from './journeys';
import { startUsers, type TestUsers } from './start-users';

let users: TestUsers;
let join: ReturnType<typeof journeys>['join'];
beforeAll(async () => {
  users = await startUsers();
  ({ join } = journeys(users));
});
afterAll(() => users.stop());

const UPDATE = `mutation ($input: ProfileUpdateInput!) {
  profileUpdate(input: $input) { user { id name version } userErrors { code message field } }
}`;

interface ProfileAnswer {
  user: { id: string; name: string; version: number } | null;
  userErrors: UserErrorAnswer[];
}

async function update(viewer: Viewer, input: object): Promise<ProfileAnswer> {
  const { data, errors } = await users.send<{ profileUpdate: ProfileAnswer }>(viewer, UPDATE, { input });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.profileUpdate;
}

describe('a profile', () => {
  it('is changed by its user, and the change is audited without the name', async () => {
    const { viewer, user } = await join();
    expect(await update(viewer, { name: ' Ada King 👑 ', expectedVersion: 2 })).toEqual({
      user: { id: user.id, name: 'Ada King 👑', version: 3 },
      userErrors: [],
    });
    expect((await users.send(viewer, '{ me { name version } }')).data).toEqual({
      me: { name: 'Ada King 👑', version: 3 },
    });
    const audited = await users.collection('auditEntries').find({ action: 'user.profile-updated' }).toArray();
    expect(audited).toMatchObject([{ actor: user.id, subject: user.id }]);
    expect(JSON.stringify(audited)).not.toContain('King');
  });

  it('with the same name again is left as it is', async () => {
    const { viewer } = await join();
    expect(await update(viewer, { name: 'Ada Lovelace' })).toMatchObject({ user: { version: 2 }, userErrors: [] });
  });

  it('of another version is not changed', async () => {
    const { viewer, user } = await join();
    expect(await update(viewer, { name: 'Eve', expectedVersion: 1 })).toMatchObject({
      user: null,
      userErrors: [{ code: 'CONFLICT', field: ['input', 'expectedVersion'] }],
    });
    expect(await users.collection('users').findOne({ _id: user.id })).toMatchObject({
      name: 'Ada Lovelace',
      version: 2,
    });
  });

  it('takes all of ten simultaneous changes that ask for no version, one after the other', async () => {
    const { viewer } = await join();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => update(viewer, { name: `Ada ${index}` })),
    );
    expect(answers.map(({ user }) => user?.version).sort((a, b) => a! - b!)).toEqual(
      Array.from({ length: 10 }, (_, index) => index + 3),
    );
  });

  it.each([
    ['nobody known', anonymous, 'UNAUTHENTICATED'],
    ['a program', anApiKey({ permissions: ['user:manage'] }), 'FORBIDDEN'],
    ['somebody whose account is gone', aUser(), 'UNAUTHENTICATED'],
  ])('is not for %s to change', async (_who, viewer, code) => {
    const { errors } = await users.send(viewer, UPDATE, { input: { name: 'Eve' } });
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });

  it.each([
    ['white space', ' \t '],
    ['markup', 'Ada <img src=x onerror=alert(1)>'],
    ['another direction', 'Ada \u202eecalevoL'],
    ['an isolate', '\u2066Ada'],
    ['what nobody sees', 'Ada\u200b'],
    ['a null byte', 'Ada\0'],
    ['201 characters', 'x'.repeat(201)],
  ])('holds no name of %s', async (_what, name) => {
    const { viewer } = await join();
    const { errors } = await users.send(viewer, UPDATE, { input: { name } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['input', 'name'] }] } }]);
    expect((await users.send(viewer, '{ me { name } }')).data).toEqual({ me: { name: 'Ada Lovelace' } });
  });

  it.each(['שרה כהן', 'می‌خواهم', '👩‍🚀 Ada', "Siobhán O'Brien", 'Łukasz <3'])(
    'holds the name %j as it is',
    async (name) => {
      const { viewer } = await join();
      expect(await update(viewer, { name })).toMatchObject({ user: { name } });
    },
  );
});
