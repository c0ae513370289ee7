import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { connectRedis, type Redis, RedisWithFallback } from '../../src/redis';
import { cuttableProxy, eventually, startTestRedis, testRedisUrl } from '../../testing';
import { recordingLogger } from '../recording-logger';

const messagesOf = (lines: Record<string, unknown>[]) => lines.map(({ message }) => message);

describe('redis with a fallback', () => {
  let redis: Redis;

  beforeEach(async () => {
    redis = await startTestRedis();
  });
  afterEach(() => redis.disconnect());

  it('answers from redis', async () => {
    const { logger, lines } = recordingLogger();
    await redis.set('key', 'value');
    const withFallback = new RedisWithFallback(redis, logger);
    expect(
      await withFallback.run(
        (connection) => connection.get('key'),
        () => 'fallback',
      ),
    ).toBe('value');
    expect(lines()).toEqual([]);
  });

  it('falls back while redis is away, and logs each change once', async () => {
    const { logger, lines } = recordingLogger();
    const withFallback = new RedisWithFallback(redis, logger);
    const read = () =>
      withFallback.run(
        (connection) => connection.get('key'),
        () => 'fallback',
      );
    const ended = once(redis, 'end');
    redis.disconnect();
    await ended;
    expect([await read(), await read()]).toEqual(['fallback', 'fallback']);
    expect(messagesOf(lines())).toEqual(['redis does not answer: falling back']);

    await redis.connect();
    expect([await read(), await read()]).toEqual([null, null]);
    redis.disconnect();
    expect(await read()).toBe('fallback');
    expect(messagesOf(lines())).toEqual([
      'redis does not answer: falling back',
      'redis answers again',
      'redis does not answer: falling back',
    ]);
  });
});

/** Needs a real server. */
const describeOnRedis = process.env.REDIS_URL === undefined ? describe.skip : describe;

describeOnRedis('a connection to a real redis', () => {
  it('fails at once while the server is away, and comes back by itself', async () => {
    const proxy = await cuttableProxy(testRedisUrl()!);
    const redis = await connectRedis(proxy.url);
    await expect(redis.ping()).resolves.toBe('PONG');
    proxy.cut();
    await eventually(() => expect(redis.ping()).rejects.toThrow());
    proxy.mend();
    await eventually(() => expect(redis.ping()).resolves.toBe('PONG'));
    redis.disconnect();
    await proxy.stop();
  });

  it('cannot be opened to a server that is away, and does not go on trying', async () => {
    const proxy = await cuttableProxy(testRedisUrl()!);
    proxy.cut();
    await expect(connectRedis(proxy.url)).rejects.toThrow();
    proxy.mend();
    await proxy.stop();
  });
});

describe('a connection to a redis that falls silent', () => {
  it('is given up for a new one', async () => {
    let isSilent = false;
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      socket.on('data', (data) => {
        // Every command is an array, and each gets its answer; the first connection none any more.
        const commands = data.toString().match(/^\*\d+\r$/gm) ?? [];
        if (!isSilent || socket !== sockets[0]) socket.write('+OK\r\n'.repeat(commands.length));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const redis = await connectRedis(`redis://127.0.0.1:${(server.address() as AddressInfo).port}`);

    isSilent = true;
    await expect(redis.ping()).rejects.toThrow();
    await eventually(() => expect(redis.ping()).resolves.toBe('OK'));
    expect(sockets).toHaveLength(2);

    redis.disconnect();
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
});
