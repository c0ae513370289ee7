import { type Redis, RedisWithFallback } from '@shopgraph/kit';
import { connectTestRedis, eventually, FakeClock, startTestRedis } from '@shopgraph/kit/testing';
import { pino } from 'pino';
import { Nonces } from '../../src/api-keys/nonces';

let redis: Redis;
let other: Redis;
beforeEach(async () => {
  redis = await startTestRedis();
  other = await connectTestRedis();
});
afterEach(() => [redis, other].forEach((connection) => connection.disconnect()));

const logged: { msg: string }[] = [];
const logger = pino(
  { level: 'info' },
  { write: (line: string) => void logged.push(JSON.parse(line) as { msg: string }) },
);
const nonces = (connection: Redis, clock = new FakeClock()) =>
  new Nonces(new RedisWithFallback(connection, logger), clock);

describe('a nonce', () => {
  it('is new once, for every process, and for each key', async () => {
    const [first, second] = [nonces(redis), nonces(other)];
    expect(await first.remember('apikey_1', 'nonce')).toBe(true);
    expect(await second.remember('apikey_1', 'nonce')).toBe(false);
    expect(await first.remember('apikey_1', 'nonce')).toBe(false);
    expect(await second.remember('apikey_2', 'nonce')).toBe(true);
  });

  it('is remembered for as long as a request can be good', async () => {
    await nonces(redis).remember('apikey_1', 'nonce');
    expect(await redis.pttl('apikey:nonce:apikey_1:nonce')).toBeGreaterThan(590_000);
  });

  it('is remembered by the process while Redis is away and after it has come back, which is logged', async () => {
    redis.disconnect();
    await eventually(() => expect(redis.ping()).rejects.toThrow());
    const alone = nonces(redis);
    expect(await alone.remember('apikey_1', 'nonce')).toBe(true);
    expect(await alone.remember('apikey_1', 'nonce')).toBe(false);
    expect(logged.map(({ msg }) => msg)).toContain('redis does not answer: falling back');
    await eventually(() => redis.connect());
    expect(await alone.remember('apikey_1', 'nonce')).toBe(false);
  });
});
