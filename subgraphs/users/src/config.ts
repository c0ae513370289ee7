import { busGroup, mongoGroup, parseConfig, portOf, processGroup, redisGroup, signingGroup } from '@shopgraph/kit';
import { z } from 'zod';

const DAY_IN_SECONDS = 24 * 60 * 60;
const SUBGRAPH_NAME = /^[a-z][a-z0-9-]*$/;

/** How people prove who they are, and how long that holds. */
const identityShape = {
  BCRYPT_COST: z.coerce
    .number()
    .int()
    .min(10)
    .max(16)
    .default(12)
    .describe('Logarithm of the work that hashing a password takes; older hashes follow when their owners sign in.'),
  BCRYPT_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_024)
    .optional()
    .describe(
      'Passwords that are hashed at once, each on one of the UV_THREADPOOL_SIZE (4) threads of the process; unless given, one less than there are cores, 3 at the most.',
    ),
  JWT_ISSUER: z
    .string()
    .min(1)
    .default('http://localhost:4001')
    .describe('Issuer (`iss`) of access tokens: where their keys are published.'),
  JWT_AUDIENCE: z.string().min(1).default('shopgraph').describe('Audience (`aud`) of access tokens.'),
  ACCESS_TOKEN_SECONDS: z.coerce
    .number()
    .int()
    .min(60)
    .max(DAY_IN_SECONDS)
    .default(900)
    .describe('Seconds that an access token is good for.'),
  REFRESH_TOKEN_SECONDS: z.coerce
    .number()
    .int()
    .min(60)
    .default(30 * DAY_IN_SECONDS)
    .describe('Seconds that somebody stays signed in without a refresh.'),
  SIGNING_KEY_ROTATION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .default(90)
    .describe('Days after which access tokens are signed with a new key.'),
  KEY_ENCRYPTION_SECRET: z
    .string()
    .regex(/^[^,]{32,}(,[^,]{32,})*$/, 'expected secret[,secret…] of 32 characters or more')
    .transform((text): readonly string[] => text.split(','))
    .optional()
    .describe(
      'Encrypts private keys and unsent tokens in the database, and vouches for the audit log; required in production. Several, with commas: the first encrypts, all decrypt.',
    ),
  AUDIT_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(30)
    .default(400)
    .describe('Days that entries of the audit log are kept.'),
};

/** Who holds something of people. */
const privacyShape = {
  PRIVACY_SUBGRAPHS: z
    .string()
    .default('products,inventory,orders')
    .transform((names) => names.split(',').map((name) => name.trim()))
    .refine((names) => names.every((name) => SUBGRAPH_NAME.test(name)), 'expected names of subgraphs, with commas')
    .describe('Subgraphs beside this one that have to answer before an export or an erasure is done.'),
};

/** How mails leave. */
const mailShape = {
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'expected smtp://… or smtps://…')
    .optional()
    .describe('The mail server; without it mails become files in `DATA_DIR/mail`.'),
  MAIL_FROM: z.string().min(1).default('Shopgraph <no-reply@localhost>').describe('The sender of mails.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://localhost:4000')
    .describe('Where the links in mails lead.'),
};

export const configSchema = z
  .object({
    ...processGroup.shape,
    ...mongoGroup.shape,
    ...redisGroup.shape,
    ...busGroup.shape,
    ...signingGroup.shape,
    USERS_PORT: portOf(4001),
    ...identityShape,
    ...privacyShape,
    ...mailShape,
  })
  .refine(({ NODE_ENV, KEY_ENCRYPTION_SECRET }) => NODE_ENV !== 'production' || KEY_ENCRYPTION_SECRET !== undefined, {
    path: ['KEY_ENCRYPTION_SECRET'],
    message: 'is required in production',
    // Beside other problems too: all are reported at once.
    when: () => true,
  });

export type Config = z.infer<typeof configSchema>;

/**
 * Reads the configuration from the environment.
 * @throws ConfigError whose message lists every problem at once.
 */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  return parseConfig(configSchema, environment);
}
