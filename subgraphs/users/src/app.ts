import { join } from 'node:path';
import {
  buildSubgraph,
  type Clock,
  ensureIndexes,
  type EventBus,
  everyInterval,
  type IdGenerator,
  type MongoConnection,
  type Redis,
  RedisWithFallback,
  pingMongo,
  relayOutbox,
  type Service,
} from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { UserAdministration } from './accounts/user-administration';
import type { Config } from './config';
import { createContext, type UsersContext } from './context';
import { FileMailer } from './mail/file-mailer';
import { hasInbox, serveInbox } from './mail/inbox/inbox-route';
import { MailFolder } from './mail/inbox/mail-folder';
import { deliverMails } from './mail/mail-delivery';
import type { Mailer } from './mail/mailer';
import { SmtpMailer } from './mail/smtp-mailer';
import { PasswordHasher } from './passwords/password-hasher';
import { privacyWork } from './privacy/privacy-work';
import { usersSchema } from './schema';
import { answerRefreshCookies } from './sessions/refresh-cookie';
import { createServices, type ServicesConfig } from './services';
import { publishKeys } from './signing-keys/jwks-route';

const HOUR_MS = 3_600_000;
/** How soon after Redis is back, or has lost its memory, it learns which sessions have ended. */
const ANNOUNCEMENT_MS = 2_000;

type UsersConfig = ServicesConfig &
  Pick<
    Config,
    | 'AUDIT_RETENTION_DAYS'
    | 'BCRYPT_CONCURRENCY'
    | 'BCRYPT_COST'
    | 'DATA_DIR'
    | 'MAIL_FROM'
    | 'PUBLIC_URL'
    | 'SERVICE_VERSION'
    | 'SIGNING_KEYS'
    | 'SIGNING_KEY_ROTATION_DAYS'
    | 'SMTP_URL'
  >;

interface Dependencies {
  /** To this subgraph's own database; stays open when the service closes, as bus and Redis do. */
  readonly connection: MongoConnection;
  readonly bus: EventBus;
  readonly redis: Redis;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly logger: Logger;
  /** Instead of the one that the configuration names. */
  readonly mailer?: Mailer;
  /** Instead of one with the work that the configuration names. */
  readonly hasher?: PasswordHasher;
}

/** The subgraph, and what those who run it do with its users. */
export interface UsersService extends Service {
  readonly administration: UserAdministration;
  /** Signs access tokens with a new key from soon on, without a gap for those who verify them. */
  rotateSigningKey: ReturnType<typeof createServices>['keyRing']['rotateSigningKey'];
}

/**
 * Puts the subgraph together; the caller makes it listen, and closes it.
 * @throws Error when KEY_ENCRYPTION_SECRET does not open the keys in the database.
 */
export async function buildUsers(config: UsersConfig, deps: Dependencies): Promise<UsersService> {
  const { connection, bus, clock, logger } = deps;
  const {
    mailer = createMailer(config, deps),
    hasher = new PasswordHasher(config.BCRYPT_COST, config.BCRYPT_CONCURRENCY),
  } = deps;
  const redis = new RedisWithFallback(deps.redis, logger);
  const services = createServices(config, { ...deps, redis, hasher });
  const { outbox, keyRing, revoked, mails, mailStore, box, administration, changedApiKeys, lastUses } = services;
  const privacy = privacyWork(services, deps);

  const background = [
    ...services.auditLog.upkeep({ retentionDays: config.AUDIT_RETENTION_DAYS, logger }),
    relayOutbox({ connection, outbox, bus, clock, logger }),
    deliverMails({ queue: mails, store: mailStore, mailer, box, clock, logger, publicUrl: config.PUBLIC_URL }),
    ...privacy,
    everyInterval({
      name: 'session-revocation',
      intervalMs: ANNOUNCEMENT_MS,
      run: () => revoked.keepAnnounced(),
      logger,
    }),
    everyInterval({
      name: 'api-key-changes',
      intervalMs: ANNOUNCEMENT_MS,
      run: () => changedApiKeys.announce(),
      logger,
    }),
    lastUses,
    everyInterval({
      name: 'user-search-fields',
      intervalMs: HOUR_MS,
      run: () => services.userDirectory.completeSearchFields(),
      logger,
    }),
    everyInterval({
      name: 'signing-key-rotation',
      intervalMs: HOUR_MS,
      run: () => keyRing.rotateWhenDue(config.SIGNING_KEY_ROTATION_DAYS),
      logger,
    }),
  ];

  await ensureIndexes(connection);
  await Promise.all([keyRing.signer(), hasher.warmUp(), services.userDirectory.completeSearchFields()]);
  const service = await buildSubgraph<UsersContext>({
    name: 'users',
    version: config.SERVICE_VERSION,
    schema: usersSchema(),
    createContext: (call) => createContext(services, call),
    signingKeys: config.SIGNING_KEYS,
    clock,
    logger,
    // Not Redis: without it people still sign in and out.
    checks: { mongodb: () => pingMongo(connection) },
    // Without it events wait in the outbox.
    optionalChecks: { bus: () => bus.ping() },
    background,
    routes: (app) => {
      publishKeys(app, keyRing);
      if (hasInbox(config)) serveInbox(app, new MailFolder(mailsIn(config)));
    },
    plugins: [answerRefreshCookies()],
  });
  return { ...service, administration, rotateSigningKey: (call) => keyRing.rotateSigningKey(call) };
}

function createMailer(config: UsersConfig, { clock, logger }: Dependencies): Mailer {
  if (config.SMTP_URL !== undefined) return new SmtpMailer({ url: config.SMTP_URL, from: config.MAIL_FROM });
  if (config.NODE_ENV === 'production') logger.warn('SMTP_URL is not set: mails become files, and reach nobody');
  return new FileMailer(mailsIn(config), clock, logger);
}

function mailsIn({ DATA_DIR }: Pick<UsersConfig, 'DATA_DIR'>): string {
  return join(DATA_DIR, 'mail');
}
