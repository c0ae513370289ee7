import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@shopgraph/kit/testing';
import { pino } from 'pino';
import { FileMailer } from '../../src/mail/file-mailer';
import type { Mail } from '../../src/mail/mailer';
import { SmtpMailer } from '../../src/mail/smtp-mailer';

const mail: Mail = {
  id: 'mail_1',
  kind: 'verification',
  to: 'ada@example.com',
  subject: 'Confirm',
  text: 'Hello Ada',
  html: '<p>Hello Ada</p>',
  token: 'the-secret-token',
};

describe('the file mailer', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mails-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('writes each mail to a file of its own, whose names sort by time, and which only its owner reads', async () => {
    const clock = new FakeClock('2026-01-01T00:00:00Z');
    const mailer = new FileMailer(join(folder, 'mail'), clock, pino({ level: 'silent' }));
    await mailer.send(mail);
    clock.advance(1);
    await mailer.send({ ...mail, id: 'mail_0', token: null });

    const files = (await readdir(join(folder, 'mail'))).sort();
    expect(files).toEqual(['2026-01-01T00-00-00.000Z-mail_1.json', '2026-01-01T00-00-00.001Z-mail_0.json']);
    const content = { ...mail, sentAt: '2026-01-01T00:00:00.000Z' };
    expect(JSON.parse(await readFile(join(folder, 'mail', files[0]!), 'utf8'))).toEqual(content);
    expect((await stat(join(folder, 'mail', files[0]!))).mode & 0o777).toBe(0o600);
  });

  it('logs neither token nor address', async () => {
    const lines: string[] = [];
    const logger = pino({}, { write: (line: string) => void lines.push(line) });
    await new FileMailer(folder, new FakeClock(), logger).send(mail);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/the-secret-token|ada@example\.com/);
  });
});

describe('the SMTP mailer', () => {
  let server: Server;
  let received: string[];
  let answerToMail: string;
  beforeEach(async () => {
    received = [];
    answerToMail = '250 queued';
    server = createServer((socket) => {
      let inData = false;
      socket.write('220 test\r\n');
      socket.on('data', (chunk) => {
        for (const line of chunk.toString('utf8').split('\r\n').filter(Boolean)) {
          received.push(line);
          if (inData && line !== '.') continue;
          if (line === '.') inData = false;
          if (line === 'DATA') inData = true;
          socket.write(line === '.' ? `${answerToMail}\r\n` : line === 'DATA' ? '354 go on\r\n' : '250 ok\r\n');
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const urlOf = () => `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;

  it('hands the mail to the server, as text and as HTML, without the bare token', async () => {
    const mailer = new SmtpMailer({ url: urlOf(), from: 'Shop <no-reply@shop.example>' });
    await mailer.send(mail);
    mailer.close();
    expect(received).toEqual(
      expect.arrayContaining(['MAIL FROM:<no-reply@shop.example>', 'RCPT TO:<ada@example.com>']),
    );
    const text = received.join('\n');
    expect(text).toContain('Subject: Confirm');
    expect(text).toContain('Hello Ada');
    expect(text).toContain('<p>Hello Ada</p>');
    expect(text).not.toContain('the-secret-token');
  });

  it('fails when the server does not take the mail', async () => {
    answerToMail = '451 try again later';
    const mailer = new SmtpMailer({ url: urlOf(), from: 'Shop <no-reply@shop.example>' });
    await expect(mailer.send(mail)).rejects.toThrow('451');
    mailer.close();
  });
});
