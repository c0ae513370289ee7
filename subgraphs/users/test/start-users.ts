import { type Client, connectMongo, typeIds } from '@shopgraph/kit';
import {
  eventually,
  FakeClock,
  signedClient,
  startTestBus,
  startTestDatabase,
  startTestRedis,
  testKeys,
} from '@shopgraph/kit/testing';
import { pino } from 'pino';
import { buildUsers } from '../src/app';
import { loadConfig } from '../src/config';
import type { Mail, Mailer } from '../src/mail/mailer';
import { PasswordHasher } from '../src/passwords/password-hasher';

/** The least work that bcrypt does. */
export const TEST_BCRYPT_COST = 4;

/** A mailbox that takes everything, or nothing while `isDown`. */
export class TestMailbox implements Mailer {
  readonly mails: Mail[] = [];
  isDown = false;

  async send(mail: Mail): Promise<void> {
    if (this.isDown) throw new Error('421 the mail server is down');
    this.mails.push(mail);
  }

  to(address: string): Mail[] {
    return this.mails.filter(({ to }) => to === address);
  }

  /** Waits for the `count`th mail to this address. */
  arrived(address: string, count = 1): Promise<Mail> {
    return eventually(() => {
      const mail = this.to(address)[count - 1];
      if (!mail) throw new Error(`${address} has no ${count} mails`);
      return mail;
    });
  }
}

interface Options {
  /** Environment variables beside the defaults. */
  readonly environment?: Record<string, string>;
  /** An existing database, to start a second replica on. */
  readonly database?: Awaited<ReturnType<typeof startTestDatabase>>;
  readonly clock?: FakeClock;
  readonly hasher?: PasswordHasher;
  /** Where its callers sit. */
  readonly client?: Client;
}

/** The whole subgraph on free ports and an empty database. */
export async function startUsers(options: Options = {}) {
  const clock = options.clock ?? new FakeClock();
  const database = options.database ?? (await startTestDatabase());
  const connection = await connectMongo(database.uri, { monitorCommands: true });
  const ownConnection = await connectMongo(database.uri);
  const redis = await startTestRedis();
  const bus = await startTestBus();
  const mailbox = new TestMailbox();
  const config = loadConfig({ SIGNING_KEYS: `test:${testKeys[0].secret}`, ...options.environment });

  const { hasher = new PasswordHasher(TEST_BCRYPT_COST) } = options;
  const logger = pino({ level: 'silent' });
  const deps = { connection, bus, redis, clock, ids: typeIds, logger, mailer: mailbox, hasher };
  async function closeStores(): Promise<void> {
    await bus.close();
    redis.disconnect();
    await connection.close();
    await ownConnection.close();
    if (!options.database) await database.stop();
  }

  const service = await buildUsers(config, deps).catch(async (error: unknown) => {
    await closeStores();
    throw error;
  });
  const { origin } = await service.listen({ host: '127.0.0.1', port: 0, operationsPort: 0 });
  return {
    origin,
    config,
    clock,
    database,
    connection,
    redis,
    mailbox,
    administration: service.administration,
    rotateSigningKey: service.rotateSigningKey,
    send: signedClient(origin, testKeys, clock, options.client),
    /** The test's own way into the subgraph's database. */
    collection: (name: string) => ownConnection.collection<{ _id: string } & Record<string, unknown>>(name),
    async stop(): Promise<void> {
      await service.close();
      await closeStores();
    },
  };
}

export type TestUsers = Awaited<ReturnType<typeof startUsers>>;
