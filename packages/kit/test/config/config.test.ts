import { z } from 'zod';
import {
  busGroup,
  ConfigError,
  mongoGroup,
  operationsPortOf,
  parseConfig,
  portOf,
  processGroup,
  redisGroup,
  signingGroup,
} from '../../src/config';

const schema = z.object({
  ...processGroup.shape,
  ...mongoGroup.shape,
  ...busGroup.shape,
  ...signingGroup.shape,
  THINGS_PORT: portOf(4009),
});
const SIGNING_KEYS = `first:${'s'.repeat(32)}`;
const stores = { MONGODB_URI: 'mongodb://db/things', RABBITMQ_URL: 'amqp://bus' };

/** What is wrong with an environment. */
function problemsIn(environment: Record<string, string>): string {
  try {
    parseConfig(schema, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('a configuration', () => {
  it('needs nothing but the signing keys', () => {
    expect(parseConfig(schema, { SIGNING_KEYS })).toEqual({
      NODE_ENV: 'development',
      LOG_LEVEL: 'info',
      HOST: '0.0.0.0',
      SERVICE_VERSION: 'development',
      SHUTDOWN_GRACE_MS: 10_000,
      DATA_DIR: '.data',
      BUS_NAMESPACE: 'shopgraph',
      MONGODB_POOL_SIZE: 50,
      MONGODB_READ_PREFERENCE: 'primary',
      SLOW_QUERY_MS: 200,
      SIGNING_KEYS: [{ id: 'first', secret: 's'.repeat(32) }],
      THINGS_PORT: 4009,
    });
  });

  it('is read from text', () => {
    const environment = { SIGNING_KEYS, THINGS_PORT: '0', MONGODB_POOL_SIZE: '7', ...stores, OTHER: 'ignored' };
    expect(parseConfig(schema, environment)).toMatchObject({ THINGS_PORT: 0, MONGODB_POOL_SIZE: 7, ...stores });
    expect(parseConfig(schema, environment)).not.toHaveProperty('OTHER');
  });

  it('takes an empty or blank variable for one that is not set', () => {
    const empty = { THINGS_PORT: '', MONGODB_URI: '', LOG_LEVEL: ' ', SHUTDOWN_GRACE_MS: ' \n' };
    expect(parseConfig(schema, { SIGNING_KEYS, ...empty })).toEqual(parseConfig(schema, { SIGNING_KEYS }));
    expect(problemsIn({ SIGNING_KEYS: '' })).toContain('SIGNING_KEYS');
  });

  it('reports every problem at once, by its variable', () => {
    const problems = problemsIn({
      NODE_ENV: 'staging',
      LOG_LEVEL: 'loud',
      SHUTDOWN_GRACE_MS: '-1',
      MONGODB_URI: 'postgres://db',
      MONGODB_POOL_SIZE: 'many',
      RABBITMQ_URL: 'http://bus',
      THINGS_PORT: '70000',
    });
    const variables = ['NODE_ENV', 'LOG_LEVEL', 'SHUTDOWN_GRACE_MS', 'MONGODB_URI', 'MONGODB_POOL_SIZE'];
    for (const variable of [...variables, 'RABBITMQ_URL', 'SIGNING_KEYS', 'THINGS_PORT']) {
      expect(problems).toContain(`→ at ${variable}`);
    }
  });

  it('says what is wrong in words for people who set variables', () => {
    expect(problemsIn({ MONGODB_POOL_SIZE: 'many', THINGS_PORT: '40.5' }).split('\n')).toEqual([
      'Bad configuration:',
      '✖ expected a number',
      '  → at MONGODB_POOL_SIZE',
      '✖ must be set',
      '  → at SIGNING_KEYS',
      '✖ expected a whole number',
      '  → at THINGS_PORT',
    ]);
  });

  it.each([
    ['no id', 's'.repeat(40)],
    ['a short secret', `first:${'s'.repeat(31)}`],
    ['the same id twice', `first:${'s'.repeat(32)},first:${'t'.repeat(32)}`],
    ['a comma at the end', `first:${'s'.repeat(32)},`],
  ])('refuses signing keys with %s, and does not print them', (_what, keys) => {
    const problems = problemsIn({ SIGNING_KEYS: keys });
    expect(problems).toContain('→ at SIGNING_KEYS');
    expect(problems).not.toContain('sss');
  });

  it('describes every variable', () => {
    const groups = [processGroup, mongoGroup, redisGroup, busGroup, signingGroup, z.object({ PORT: portOf(1) })];
    const fields = groups.flatMap((group) => Object.entries<z.ZodType>(group.shape));
    expect(fields.filter(([, field]) => !field.description).map(([name]) => name)).toEqual([]);
  });
});

describe('production', () => {
  it('is refused on embedded stores, together with everything else that is wrong', () => {
    const problems = problemsIn({ NODE_ENV: 'production', LOG_LEVEL: 'loud', SIGNING_KEYS });
    for (const variable of ['MONGODB_URI', 'RABBITMQ_URL', 'LOG_LEVEL']) expect(problems).toContain(`→ at ${variable}`);
    expect(problems).toContain('production needs a real store, or ALLOW_EMBEDDED=1');
  });

  it('is not asked for a store that the service does not use', () => {
    expect(problemsIn({ NODE_ENV: 'production', SIGNING_KEYS, ...stores })).toBe('');
    const withRedis = z.object({ ...schema.shape, ...redisGroup.shape });
    expect(() => parseConfig(withRedis, { NODE_ENV: 'production', SIGNING_KEYS, ...stores })).toThrow('REDIS_URL');
  });

  it('may run on embedded stores when that is said', () => {
    expect(problemsIn({ NODE_ENV: 'production', ALLOW_EMBEDDED: '1', SIGNING_KEYS })).toBe('');
    expect(problemsIn({ NODE_ENV: 'production', ALLOW_EMBEDDED: 'yes', SIGNING_KEYS })).toContain('ALLOW_EMBEDDED');
  });
});

describe('a port', () => {
  it.each([
    [4001, 4101],
    [0, 0],
    [65_435, 65_535],
  ])('%d has its operations port at %d', (port, operationsPort) => {
    expect(operationsPortOf(port)).toBe(operationsPort);
    expect(portOf(4009).parse(String(port))).toBe(port);
  });

  it.each(['65436', '-1', '1.5', 'http'])('is not %j', (text) => {
    expect(portOf(4009).safeParse(text).success).toBe(false);
  });
});
