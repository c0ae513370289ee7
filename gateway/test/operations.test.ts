import { once } from 'node:events';
import { connect } from 'node:net';
import { request } from 'undici';
import { startShop } from './start-gateway';

let shop: Awaited<ReturnType<typeof startShop>>;
beforeEach(async () => {
  shop = await startShop({ RATE_LIMIT_ANONYMOUS: '8/60' });
});
afterEach(() => shop.stop());

async function get(url: string) {
  const { statusCode, body } = await request(url);
  return { status: statusCode, text: await body.text() };
}

const metrics = async () => (await get(`${shop.operationsOrigin}/metrics`)).text.split('\n');

describe('beside the public port', () => {
  it('health tells of Redis and the supergraph; in public it is one word', async () => {
    const { status, text } = await get(`${shop.operationsOrigin}/health/ready`);
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      status: 'ok',
      service: 'gateway',
      dependencies: { redis: 'ok', supergraph: 'ok' },
    });
    expect(await get(`${shop.origin}/health/ready`)).toEqual({ status: 200, text: '{"status":"ok"}' });
    expect((await get(`${shop.origin}/metrics`)).status).toBe(404);
  });

  it('metrics count requests, operations, calls, plans and refusals', async () => {
    await shop.send('query Best { best }');
    await shop.send('query Best { best }');
    await shop.send('query Broken { unknownFailure }');
    await shop.subgraphs.scores?.stop();
    await shop.send('query Best { best }');
    for (let count = 0; count < 6; count += 1) await shop.send('mutation { openShop }');

    const samples = await metrics();
    const valueOf = (name: string, labels: Record<string, string>) => {
      const texts = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      const sample = samples.find((line) => line.startsWith(`${name}{`) && texts.every((text) => line.includes(text)));
      return Number(sample?.split(' ').at(-1));
    };
    expect(valueOf('http_request_duration_seconds_count', { route: '/graphql', status: '429' })).toBe(2);
    expect(valueOf('graphql_operation_duration_seconds_count', { operation: 'Best', type: 'query' })).toBe(3);
    expect(valueOf('graphql_errors_total', { code: 'INTERNAL' })).toBe(1);
    expect(valueOf('gateway_subgraph_call_duration_seconds_count', { subgraph: 'scores', result: 'ok' })).toBe(2);
    expect(valueOf('gateway_subgraph_call_errors_total', { subgraph: 'scores', code: 'UNAVAILABLE' })).toBe(1);
    expect(valueOf('gateway_query_plan_lookups_total', { result: 'hit' })).toBe(4);
    expect(valueOf('gateway_query_plan_lookups_total', { result: 'miss' })).toBe(3);
    expect(valueOf('gateway_rate_limited_total', { limit: 'openShop' })).toBe(1);
    expect(valueOf('gateway_rate_limited_total', { limit: 'anonymous' })).toBe(2);
  });
});

describe('a gateway that is told to close', () => {
  it('is no longer ready, answers what it has begun, and is not kept by idle connections', async () => {
    const { behaviour, calls } = shop.subgraphs.scores!;
    // Connections as browsers have them: one that was used, one that was opened in advance.
    await shop.send('{ best }');
    const unused = connect(Number(new URL(shop.origin).port));
    await once(unused, 'connect');
    behaviour.delayMs = 300;
    const answer = shop.send('{ best }');
    while (calls.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));

    const closed = shop.service.close();
    const { status, text } = await get(`${shop.operationsOrigin}/health/ready`);
    expect([status, JSON.parse(text)]).toMatchObject([503, { status: 'unavailable' }]);
    expect((await answer).data).toEqual({ best: 7 });
    const start = Date.now();
    await closed;
    expect(Date.now() - start).toBeLessThan(1000);
    unused.destroy();
  });
});
