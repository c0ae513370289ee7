import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type CuttableProxy, cuttableProxy, eventually, freePort, startTestBusBefore } from '@shopgraph/kit/testing';
import { request } from 'undici';
import { SIGNING_KEYS } from '../start-gateway';
import { type CachedShop, startCachedShop } from './cached-shop';

const ROOT = join(__dirname, '../../..');
const QUERY = '{ product(id: "prod_1") { id name quantity } }';

const { RABBITMQ_URL: rabbitUrl } = process.env;
/** Needs a real broker. */
const describeOnRabbit = rabbitUrl === undefined ? describe.skip : describe;

async function readinessOf(operationsOrigin: string) {
  const { statusCode, body } = await request(`${operationsOrigin}/health/ready`);
  const { dependencies } = (await body.json()) as { dependencies: Record<string, string> };
  return { status: statusCode, bus: dependencies.bus };
}

describeOnRabbit.each([
  ['entities', { RESPONSE_CACHE: 'off' }],
  ['whole answers', { ENTITY_CACHE: 'off' }],
  ['both', {}],
])('a gateway with a cache of %s that starts while the broker is away', (_what, environment) => {
  let proxy: CuttableProxy;
  let shop: CachedShop;
  beforeEach(async () => {
    proxy = await cuttableProxy(rabbitUrl!);
    proxy.cut();
    shop = await startCachedShop(environment, undefined, startTestBusBefore(proxy.url));
  });
  afterEach(async () => {
    proxy.mend();
    await shop.stop();
    await proxy.stop();
  });

  it('is ready, answers, keeps nothing, and logs that once', async () => {
    expect(await readinessOf(shop.operationsOrigin)).toEqual({ status: 200, bus: 'unavailable' });
    for (let round = 0; round < 3; round += 1) {
      expect((await shop.send(QUERY)).data).toEqual({ product: { id: 'prod_1', name: 'Thing 1', quantity: 10 } });
    }
    expect(shop.calls()).toEqual([3, 3]);
    expect(await shop.redis.keys('cache:*')).toEqual([]);
    expect(shop.logged.filter(({ msg }) => msg.includes('nothing is cached'))).toHaveLength(1);
  });

  it('shows nothing that others keep', async () => {
    const other = await shop.startReplica();
    const nameAt = async (gateway: { send: CachedShop['send'] }) =>
      ((await gateway.send(QUERY)).data?.product as { name: string }).name;
    await nameAt(other);
    shop.stock.names.set('prod_1', 'Mug');
    shop.calls();
    expect(await nameAt(other)).toBe('Thing 1');
    expect(shop.calls()).toEqual([0, 0]);
    expect(await nameAt(shop)).toBe('Mug');
    await other.stop();
  });

  it('keeps answers, and forgets them by events, as soon as the broker is there', async () => {
    await shop.send(QUERY);
    proxy.mend();
    await eventually(async () => {
      shop.calls();
      await shop.send(QUERY);
      expect(shop.calls()[0]).toBe(0);
    });
    await eventually(async () => expect(await readinessOf(shop.operationsOrigin)).toEqual({ status: 200, bus: 'ok' }));
    shop.stock.names.set('prod_1', 'Mug');
    expect((await shop.send(QUERY)).data).toMatchObject({ product: { name: 'Thing 1' } });
    await shop.announce('products.product-updated', { productId: 'prod_1' });
    expect((await shop.send(QUERY)).data).toMatchObject({ product: { name: 'Mug' } });
  });

  it('goes on keeping when the broker leaves again', async () => {
    proxy.mend();
    await eventually(async () => {
      await shop.send(QUERY);
      expect(await shop.redis.keys('cache:*')).not.toEqual([]);
    });
    await eventually(async () => expect((await readinessOf(shop.operationsOrigin)).bus).toBe('ok'));
    proxy.cut();
    await eventually(async () => expect((await readinessOf(shop.operationsOrigin)).bus).toBe('unavailable'));
    await shop.send(QUERY);
    shop.calls();
    await shop.send(QUERY);
    expect(shop.calls()[0]).toBe(0);
  });

  it('closes', async () => {
    await shop.service.close();
    expect(shop.logged.filter(({ msg }) => msg === 'could not be stopped')).toEqual([]);
  });
});

describe('the gateway as a process of its own, with a broker that is away', () => {
  let gateway: ChildProcess;
  let origin: string;
  let output: string;
  beforeEach(async () => {
    const [port, nobody] = [await freePort(), await freePort()];
    origin = `http://127.0.0.1:${port}`;
    output = '';
    gateway = spawn(process.execPath, ['--import', 'tsx', '--conditions=@shopgraph/source', 'gateway/src/main.ts'], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        SIGNING_KEYS,
        HOST: '127.0.0.1',
        GATEWAY_PORT: String(port),
        RABBITMQ_URL: `amqp://127.0.0.1:${nobody}`,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    gateway.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  });
  afterEach(() => gateway.kill('SIGKILL'));

  it('starts, answers, and ends when it is told to', async () => {
    const ended = once(gateway, 'exit');
    await Promise.race([
      ended.then(([code]) => Promise.reject(new Error(`it has ended with ${String(code)}`))),
      eventually(async () => expect((await request(`${origin}/health/ready`)).statusCode).toBe(200), 60_000),
    ]);
    const { body } = await request(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    expect(await body.json()).toEqual({ data: { __typename: 'Query' } });
    expect(output).toContain('the broker cannot be reached');
    gateway.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
