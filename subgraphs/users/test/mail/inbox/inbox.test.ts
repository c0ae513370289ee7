import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@shopgraph/kit/testing';
import Fastify from 'fastify';
import { parse, validate } from 'graphql';
import { pino } from 'pino';
import { request } from 'undici';
import { usersSchema } from '../../../src';
import { FileMailer } from '../../../src/mail/file-mailer';
import { serveInbox } from '../../../src/mail/inbox/inbox-route';
import { MailFolder } from '../../../src/mail/inbox/mail-folder';
import { tokenMutation } from '../../../src/mail/inbox/token-mutations';
import type { Mail } from '../../../src/mail/mailer';
import { LETTER_KINDS } from '../../../src/mail/queued-mail';
import { startUsers, type TestUsers } from '../../start-users';

const DEVELOPMENT = { NODE_ENV: 'development' };
const mail: Mail = {
  id: 'mail_01',
  kind: 'verification',
  to: 'ada@example.com',
  subject: 'Confirm',
  text: 'Hello Ada',
  html: '<p>Hello Ada</p>',
  token: 'the-secret-token',
};

let folder: string;
let users: TestUsers;
let deliver: (mail: Mail) => Promise<void>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inbox-'));
  users = await startUsers({ environment: { ...DEVELOPMENT, DATA_DIR: folder } });
  const clock = new FakeClock('2026-01-01T00:00:00Z');
  const mailer = new FileMailer(join(folder, 'mail'), clock, pino({ level: 'silent' }));
  deliver = async (one) => {
    await mailer.send(one);
    clock.advance(1_000);
  };
});
afterAll(async () => {
  await users.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => rm(join(folder, 'mail'), { recursive: true, force: true }));

async function get(path: string, headers: Record<string, string> = {}, { origin } = users) {
  const response = await request(origin + path, { headers });
  return { status: response.statusCode, headers: response.headers, body: await response.body.text() };
}

describe('the inbox', () => {
  it('is empty before the first mail', async () => {
    const { status, body } = await get('/inbox');
    expect(status).toBe(200);
    expect(body).toContain('No mails yet.');
  });

  it('lists mails, newest first, and loads itself again', async () => {
    for (const id of ['mail_01', 'mail_03', 'mail_02']) await deliver({ ...mail, id, subject: `About ${id}` });
    const { body, headers } = await get('/inbox');
    expect([...body.matchAll(/href="\/inbox\/(\w+)"/g)].map(([, id]) => id)).toEqual(['mail_02', 'mail_03', 'mail_01']);
    expect(body).toContain('About mail_03');
    expect(body).toContain('to ada@example.com');
    expect(body).toContain('2026-01-01 00:00:01 UTC');
    expect(body).toContain('http-equiv="refresh"');
    expect(headers['cache-control']).toBe('no-store');
  });

  it('shows a mail: to whom, what, its token, and what to do with it', async () => {
    await deliver(mail);
    const { status, body } = await get('/inbox/mail_01');
    expect(status).toBe(200);
    for (const part of ['ada@example.com', 'Confirm', '>Hello Ada</pre>', '>the-secret-token</pre>']) {
      expect(body).toContain(part);
    }
    expect(body).toContain('mutation { verifyEmail(token: &quot;the-secret-token&quot;)');
    expect(body).toContain('<iframe sandbox title="The mail as HTML" srcdoc="&lt;p&gt;Hello Ada&lt;/p&gt;">');
  });

  it('of a mail without a token shows none', async () => {
    await deliver({ ...mail, kind: 'password-changed', token: null });
    expect((await get('/inbox/mail_01')).body).not.toContain('Token');
  });

  it('escapes everything, and lets nothing run or load', async () => {
    const evil = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;
    await deliver({ ...mail, to: evil, subject: evil, text: evil, html: evil, token: evil });
    for (const path of ['/inbox', '/inbox/mail_01']) {
      const { body, headers } = await get(path);
      expect(body).not.toMatch(/<(script|img)/);
      expect(body).not.toContain(`'alert`);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/script-src|unsafe-eval|img-src/);
    }
  });

  it.each([
    'mail_99',
    '..%2f..%2fetc%2fpasswd',
    '..%2fsecret',
    'mail_01.json',
    '.',
    '%00',
    '__proto__',
    'mail_01%2f..',
  ])('has no mail %s', async (id) => {
    await deliver(mail);
    await writeFile(join(folder, 'secret.json'), JSON.stringify({ ...mail, text: 'TOP SECRET' }));
    const { status, body } = await get(`/inbox/${id}`);
    expect(status).not.toBe(500);
    expect(body).not.toMatch(/TOP SECRET|root:|Hello Ada/);
  });

  it('passes over files that are no mails', async () => {
    await deliver(mail);
    const directory = join(folder, 'mail');
    await writeFile(join(directory, '2026-01-01T00-00-00.000Z-mail_02.json'), '{ half');
    await writeFile(join(directory, 'notes.txt'), 'notes');
    await mkdir(join(directory, '2026-01-01T00-00-00.000Z-mail_03.json'));
    await symlink('/nowhere', join(directory, '2026-01-01T00-00-00.000Z-mail_04.json'));
    const { status, body } = await get('/inbox');
    expect(status).toBe(200);
    expect([...body.matchAll(/href="\/inbox\/(\w+)"/g)].map(([, id]) => id)).toEqual(['mail_01']);
    expect((await get('/inbox/mail_02')).status).toBe(404);
  });

  it('is not for pages of other sites whose name leads here', async () => {
    await deliver(mail);
    for (const host of ['evil.example', 'localhost.evil.example', 'evil.example:4001']) {
      const { status, body } = await get('/inbox', { host });
      expect(status).toBe(404);
      expect(body).not.toContain('ada@example.com');
    }
    for (const host of ['localhost:4001', '127.0.0.1', 'shop.localhost']) {
      expect((await get('/inbox', { host })).status).toBe(200);
    }
  });
});

describe('there is no inbox', () => {
  it.each(['203.0.113.7', '192.168.0.7', '::ffff:10.0.0.7', 'fe80::1'])(
    'for %s, who is not on this machine',
    async (remoteAddress) => {
      await deliver(mail);
      const app = Fastify();
      serveInbox(app, new MailFolder(join(folder, 'mail')));
      const headers = { host: 'localhost' };
      for (const url of ['/inbox', '/inbox/mail_01']) {
        expect((await app.inject({ url, headers, remoteAddress })).statusCode).toBe(404);
        expect((await app.inject({ url, headers, remoteAddress: '::1' })).statusCode).toBe(200);
      }
    },
  );

  it.each([
    ['in tests', { NODE_ENV: 'test' }],
    ['in production', { NODE_ENV: 'production', ALLOW_EMBEDDED: '1', KEY_ENCRYPTION_SECRET: 'x'.repeat(32) }],
    ['where mails leave by a mail server', { ...DEVELOPMENT, SMTP_URL: 'smtp://127.0.0.1:1' }],
  ])('%s', async (_where, environment) => {
    const other = await startUsers({ environment: { ...environment, DATA_DIR: folder } });
    try {
      await deliver(mail);
      for (const path of ['/inbox', '/inbox/mail_01']) expect((await get(path, {}, other)).status).toBe(404);
    } finally {
      await other.stop();
    }
  });
});

describe('what to do with a token', () => {
  it('is a mutation that the graph has, for every letter that holds one', () => {
    const mutations = LETTER_KINDS.flatMap((kind) => tokenMutation(kind, 'a"b\\') ?? []);
    expect(mutations).toHaveLength(3);
    for (const mutation of mutations) {
      expect(validate(usersSchema(), parse(mutation))).toEqual([]);
      expect(mutation).toContain('"a\\"b\\\\"');
    }
  });
});
