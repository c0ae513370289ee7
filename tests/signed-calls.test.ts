import { signRequest, systemClock, type Viewer } from '@shopgraph/kit';
import { anonymous } from '@shopgraph/kit/testing';
import { request } from 'undici';
import { startTestShop, type TestShop } from './support/start-test-shop';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.close());

const keys = [{ id: 'test', secret: 's'.repeat(32) }] as const;
const body = '{"query":"{ __typename }"}';
const signed = (viewer: Viewer = anonymous, clock = systemClock) =>
  signRequest({ method: 'POST', path: '/graphql', body }, viewer, keys, clock);

async function send(origin: string, headers: Record<string, string>, sent = body): Promise<number> {
  const response = await request(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: sent,
  });
  await response.body.dump();
  return response.statusCode;
}

describe.each(['users', 'products', 'inventory', 'orders'] as const)('the %s subgraph', (service) => {
  it('answers a call that the gateway could have signed, once', async () => {
    const headers = signed();
    expect(await send(shop.origins[service], headers)).toBe(200);
    expect(await send(shop.origins[service], headers)).toBe(401);
  });

  it('refuses a call that is not signed, is signed by somebody else, is stale, or was altered', async () => {
    const origin = shop.origins[service];
    const stale = { now: () => new Date(Date.now() - 61_000) };
    const admin = signed({ kind: 'user', id: 'user_1', sessionId: 'x', permissions: ['user:manage'] });
    const foreign = signRequest(
      { method: 'POST', path: '/graphql', body },
      anonymous,
      [{ id: 'test', secret: 'x'.repeat(32) }],
      systemClock,
    );
    expect(await send(origin, {})).toBe(401);
    expect(await send(origin, foreign)).toBe(401);
    expect(await send(origin, signed(anonymous, stale))).toBe(401);
    expect(await send(origin, signed(), body.replace('__typename', '_service'))).toBe(401);
    expect(await send(origin, { ...signed(), 'x-viewer': admin['x-viewer'] })).toBe(401);
    expect(await send(origin, { ...signed(), 'x-nonce': 'another' })).toBe(401);
  });

  it('shows health and metrics on its operations port only', async () => {
    const ready = await request(`${shop.operationsOrigins[service]}/health/ready`);
    expect(await ready.body.json()).toMatchObject({ status: 'ok', service, dependencies: { mongodb: 'ok' } });
    const metrics = await request(`${shop.operationsOrigins[service]}/metrics`);
    expect(await metrics.body.text()).toContain('http_request_duration_seconds');
    expect((await request(`${shop.origins[service]}/metrics`)).statusCode).toBe(404);
  });
});
