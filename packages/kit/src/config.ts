import { z } from 'zod';
import { signingKeysSchema } from './request-signature';

/** The distance from a service's public port to its operations port (health, metrics). */
const OPERATIONS_PORT_OFFSET = 100;

const milliseconds = z.coerce.number().int().positive();

/** What every process reads. */
export const processGroup = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('`production` switches introspection and embedded stores off.'),
  SERVICE_VERSION: z.string().default('development').describe('What health endpoints and logs say runs here.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('The least severe level that is logged.'),
  HOST: z.string().default('0.0.0.0').describe('The address to listen on.'),
  SHUTDOWN_GRACE_MS: milliseconds
    .default(10_000)
    .describe('Milliseconds that requests under way get after SIGTERM before the process exits.'),
  ALLOW_EMBEDDED: z.literal('1').optional().describe('`1` allows embedded stores in production.'),
  DATA_DIR: z.string().default('.data').describe('Where embedded stores and unsent mails are kept.'),
});

/** Where documents are kept. */
export const mongoGroup = z.object({
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'expected mongodb://… or mongodb+srv://…')
    .optional()
    .describe('A MongoDB replica set; without it an embedded server keeps the data under `DATA_DIR`.'),
  MONGODB_POOL_SIZE: z.coerce
    .number()
    .int()
    .min(1)
    .max(500)
    .default(50)
    .describe('Connections to MongoDB at the most.'),
  MONGODB_READ_PREFERENCE: z
    .enum(['primary', 'primaryPreferred', 'secondary', 'secondaryPreferred', 'nearest'])
    .default('primary')
    .describe('Which member answers reads that stand outside a transaction.'),
  SLOW_QUERY_MS: milliseconds.default(200).describe('Database commands that take longer, in milliseconds, are logged.'),
});

/** Where what may be lost is kept. */
export const redisGroup = z.object({
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'expected redis://… or rediss://…')
    .optional()
    .describe('Redis; without it an embedded one lives in the process.'),
});

/** How events travel. */
export const busGroup = z.object({
  RABBITMQ_URL: z
    .string()
    .regex(/^amqps?:\/\//, 'expected amqp://… or amqps://…')
    .optional()
    .describe('RabbitMQ; without it events stay within the process.'),
  BUS_NAMESPACE: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'expected letters, digits, points and dashes')
    .default('shopgraph')
    .describe('Begins the names of exchange and queues, so that several shops can share a broker.'),
});

/** How services know each other. */
export const signingGroup = z.object({
  SIGNING_KEYS: signingKeysSchema.describe(
    'Keys that gateway and subgraphs sign their calls with, `id:secret[,id:secret…]`: the first signs, all verify.',
  ),
});

/** Where a subgraph answers what it holds of somebody. */
export const privacyGroup = z.object({
  USERS_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:4001/graphql')
    .describe('Where the users subgraph takes what this one holds of somebody, or that it was erased.'),
});

/** A port variable with its default. */
export function portOf(defaultPort: number) {
  return z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535 - OPERATIONS_PORT_OFFSET)
    .default(defaultPort)
    .describe(`The port to listen on; health and metrics listen ${OPERATIONS_PORT_OFFSET} above it.`);
}

/** The port of health and metrics that belongs to a public port; 0 stays 0, any free one. */
export function operationsPortOf(port: number): number {
  return port === 0 ? 0 : port + OPERATIONS_PORT_OFFSET;
}

/** Lists everything that is wrong with a configuration, each problem with its variable. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`Bad configuration:\n${problems.join('\n')}`);
    this.name = 'ConfigError';
  }
}

const STORE_VARIABLES = ['MONGODB_URI', 'REDIS_URL', 'RABBITMQ_URL'] as const;

/**
 * Reads a configuration; empty and blank variables count as not set.
 * @param neededStores Which of the stores in the schema production cannot do without.
 * @throws ConfigError with every problem, also when production would run on an embedded store without ALLOW_EMBEDDED.
 */
export function parseConfig<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
  neededStores: readonly (typeof STORE_VARIABLES)[number][] = STORE_VARIABLES,
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim() !== ''));
  const parsed = schema.safeParse(given, { error: inWords });
  const issues = [...(parsed.success ? [] : parsed.error.issues), ...embeddedStores(schema, given, neededStores)];
  if (!parsed.success || issues.length > 0) {
    throw new ConfigError(issues.map((issue) => z.prettifyError(new z.ZodError([issue]))));
  }
  return parsed.data;
}

/** For those who write variables, and know of no types. */
function inWords({ code, input, expected }: z.core.$ZodRawIssue): string | undefined {
  if (code !== 'invalid_type') return undefined;
  if (input === undefined) return 'must be set';
  return { number: 'expected a number', int: 'expected a whole number' }[String(expected)];
}

function embeddedStores(
  schema: z.ZodObject,
  given: Readonly<Record<string, unknown>>,
  needed: readonly string[],
): z.core.$ZodIssue[] {
  if (given.NODE_ENV !== 'production' || given.ALLOW_EMBEDDED === '1') return [];
  return needed
    .filter((name) => name in schema.shape && given[name] === undefined)
    .map((name) => ({
      code: 'custom',
      path: [name],
      message: 'production needs a real store, or ALLOW_EMBEDDED=1',
      input: undefined,
    }));
}
