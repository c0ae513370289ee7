import { eventually } from '@shopgraph/kit/testing';
import { journeys, newAddress } from '../journeys';
import { startUsers, type TestUsers } from '../start-users';

let users: TestUsers;
let person: ReturnType<typeof journeys>;
beforeEach(async () => {
  users = await startUsers({ environment: { KEY_ENCRYPTION_SECRET: 'a secret of thirty-two characters' } });
  person = journeys(users);
});
afterEach(() => users.stop());

const storedMails = () => users.collection('mails').find().toArray();
const untilStatus = (status: string) =>
  eventually(async () => {
    const [mail] = await storedMails();
    expect(mail?.status).toBe(status);
    return mail;
  });

describe('a promised mail', () => {
  it('leaves, and then nobody can read from the database to whom it went', async () => {
    const email = newAddress();
    await person.register({ email });
    await users.mailbox.arrived(email);
    expect(await untilStatus('SENT')).toMatchObject({ content: null, attempts: 1 });
    expect(JSON.stringify(await storedMails())).not.toContain(email);
  });

  it('leaves as soon as the mail server is back, and its token works', async () => {
    users.mailbox.isDown = true;
    const email = newAddress();
    expect((await person.register({ email })).accepted).toBe(true);
    const waiting = await eventually(async () => {
      const [mail] = await storedMails();
      expect(mail).toMatchObject({ status: 'QUEUED', attempts: 1 });
      expect((mail?.nextAttemptAt as Date).getTime() - users.clock.now().getTime()).toBe(5_000);
      return mail;
    });
    expect(JSON.stringify(waiting)).toContain('sealed1:');

    users.mailbox.isDown = false;
    users.clock.advance(5_000);
    expect((await person.verify((await users.mailbox.arrived(email)).token)).user?.email).toBe(email);
  });

  it('is sent by another process when the one that promised it has died', async () => {
    users.mailbox.isDown = true;
    const email = newAddress();
    await person.register({ email });
    await eventually(async () => expect(await storedMails()).toMatchObject([{ attempts: 1 }]));

    const { database, clock } = users;
    const other = await startUsers({
      database,
      clock,
      environment: { KEY_ENCRYPTION_SECRET: 'a secret of thirty-two characters' },
    });
    clock.advance(5_000);
    // Both try; the one whose mail server is down gives way.
    const { token } = await eventually(async () => {
      clock.advance(60_000);
      const [mail] = other.mailbox.to(email);
      expect(mail).toBeDefined();
      return mail!;
    });
    expect(token).toEqual(expect.any(String));
    await other.stop();
  });

  it('is given up after a day', async () => {
    users.mailbox.isDown = true;
    await person.register({ email: newAddress() });
    await eventually(async () => expect(await storedMails()).toMatchObject([{ attempts: 1 }]));
    users.clock.advance(86_400_000);
    expect(await untilStatus('FAILED')).toMatchObject({ content: null });
  });
});
