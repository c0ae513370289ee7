import { parse } from 'graphql';
import { type Call, serviceCall } from '../../src/call';
import { NonceMemory } from '../../src/nonce-memory';
import { verifyRequest } from '../../src/request-signature';
import type { Resilience } from '../../src/resilience';
import { createServiceClient, type ServiceClient } from '../../src/service-client';
import { aGate, eventually, FakeClock, testKeys } from '../../testing';
import { recordingLogger } from '../recording-logger';
import { answer, breakOff, fakeSubgraph, keepSilent, type Respond } from './fake-subgraph';

const clock = new FakeClock();
const good = answer({ data: { units: 3 } });
const refusing = (code?: string) => answer({ data: null, errors: [{ message: 'No.', extensions: { code } }] });

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A client of a subgraph that answers so, without long waits. */
async function start(responses: Respond[], resilience: Partial<Resilience> = {}, timeoutMs = 2_000) {
  const subgraph = await fakeSubgraph(...responses);
  const { logger, lines } = recordingLogger();
  const client = createServiceClient({
    from: 'orders',
    to: 'inventory',
    url: subgraph.url,
    signingKeys: testKeys,
    clock,
    logger,
    timeoutMs,
    resilience: { retryDelayMs: 1, openMs: 50, ...resilience },
  });
  stops.push(
    () => client.close(),
    () => subgraph.stop(),
  );
  return { subgraph, client, lines };
}

const execute = (client: ServiceClient, { idempotent = false, call = serviceCall('orders') } = {}) =>
  client.execute<{ units: number }, object>('query Units { units }', { sku: 'TEE' }, call, { idempotent });

describe('a command to a sibling', () => {
  it('arrives signed as the service itself, with request id, trace and the time that is left', async () => {
    const { client, subgraph } = await start([good]);
    const deadline = new Date(clock.now().getTime() + 1_500);
    const call: Call = { ...serviceCall('orders'), traceparent: '00-trace-span-01', deadline };
    expect(await execute(client, { call })).toEqual({ units: 3 });

    const [{ headers, body }] = subgraph.calls as [(typeof subgraph.calls)[0]];
    expect(body).toEqual({ query: 'query Units { units }', variables: { sku: 'TEE' } });
    expect(headers).toMatchObject({
      'x-request-id': call.requestId,
      traceparent: '00-trace-span-01',
      'x-timeout-ms': '1500',
    });
    const received = { method: 'POST', path: '/graphql', body: JSON.stringify(body) };
    const { viewer } = verifyRequest(received, headers as never, testKeys, clock, new NonceMemory(1_000, clock));
    expect(viewer).toEqual({ kind: 'service', name: 'orders' });
  });

  it('may be a parsed document', async () => {
    const { client, subgraph } = await start([good]);
    await client.execute(parse('query Units { units }'), {}, serviceCall('orders'), { idempotent: true });
    expect(subgraph.calls[0]?.body.query).toBe('query Units {\n  units\n}');
  });

  it.each(['CONFLICT', 'INSUFFICIENT_STOCK', 'NOT_FOUND', 'UNAVAILABLE'])(
    'that the subgraph answers with %s ends with that code, untried again',
    async (code) => {
      const { client, subgraph } = await start([refusing(code)]);
      await expect(execute(client, { idempotent: true })).rejects.toMatchObject({ code, message: 'No.' });
      expect(subgraph.calls).toHaveLength(1);
    },
  );

  it.each(['SOMETHING_NEW', undefined])('that the subgraph answers with %s ends with INTERNAL', async (code) => {
    const { client } = await start([refusing(code)]);
    await expect(execute(client)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'Something went wrong on our side.',
    });
  });
});

describe('a command that fails on the way', () => {
  it('is tried again when it is idempotent, each time under a new nonce', async () => {
    const { client, subgraph } = await start([breakOff, answer({}, 503), good]);
    expect(await execute(client, { idempotent: true })).toEqual({ units: 3 });
    expect(new Set(subgraph.calls.map(({ headers }) => headers['x-nonce'])).size).toBe(3);
  });

  it('is not tried again when doing it twice is not as good as once', async () => {
    const { client, subgraph, lines } = await start([breakOff, good]);
    const call = serviceCall('orders');
    await expect(execute(client, { call })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(subgraph.calls).toHaveLength(1);
    expect(lines()).toMatchObject([{ message: 'subgraph failed', to: 'inventory', 'http.request.id': call.requestId }]);
  });

  it('ends with UNAVAILABLE after the last attempt', async () => {
    const { client, subgraph } = await start([breakOff]);
    await expect(execute(client, { idempotent: true })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(subgraph.calls).toHaveLength(3);
  });

  it('ends with UNAVAILABLE when nobody listens', async () => {
    const { client, subgraph } = await start([good]);
    await subgraph.stop();
    await expect(execute(client)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    stops.pop();
  });

  it.each([
    ['what is no JSON', (response) => void response.end('<html>')],
    ['what is no GraphQL answer', answer({ data: 'text' })],
  ] as [string, Respond][])('ends with UNAVAILABLE when the answer is %s', async (_what, respond) => {
    const { client } = await start([respond]);
    await expect(execute(client)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it.each([400, 401, 413])('is not tried again when the subgraph refuses the request with %d', async (status) => {
    const { client, subgraph, lines } = await start([answer({ errors: [] }, status)]);
    await expect(execute(client, { idempotent: true })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(subgraph.calls).toHaveLength(1);
    expect(lines()).toHaveLength(1);
  });
});

describe('a command that takes too long', () => {
  it('ends with TIMEOUT after the time that one attempt may take', async () => {
    const { client } = await start([keepSilent], {}, 30);
    await expect(execute(client)).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('ends with TIMEOUT when its answer does not end', async () => {
    const { client } = await start([(response) => void response.writeHead(200).write('{"data":')], {}, 50);
    await expect(execute(client)).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('has no more than what is left until the deadline of its call', async () => {
    const { client, subgraph } = await start([keepSilent]);
    const call = { ...serviceCall('orders'), deadline: new Date(clock.now().getTime() + 30) };
    await expect(execute(client, { call })).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(subgraph.calls[0]?.headers['x-timeout-ms']).toBe('30');
  });

  it('is not sent when the deadline is over', async () => {
    const { client, subgraph } = await start([good]);
    const call = { ...serviceCall('orders'), deadline: clock.now() };
    await expect(execute(client, { call, idempotent: true })).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(subgraph.calls).toHaveLength(0);
  });
});

describe('the circuit', () => {
  it('opens after failures in a row, and closes after one success', async () => {
    const { client, subgraph, lines } = await start([breakOff, breakOff, breakOff, good], { failuresToOpen: 3 });
    for (let call = 1; call <= 5; call += 1) {
      await expect(execute(client)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    }
    expect(subgraph.calls).toHaveLength(3);
    await eventually(async () => expect(await execute(client)).toEqual({ units: 3 }));
    expect(await execute(client)).toEqual({ units: 3 });
    const changes = lines().filter(({ message }) => message === 'circuit changed');
    expect(changes.map(({ state }) => state)).toEqual(['Open', 'HalfOpen', 'Closed']);
  });

  it('that is open is not asked again by an idempotent command', async () => {
    const settings = { failuresToOpen: 1, openMs: 60_000, retries: 5 };
    const { client, subgraph } = await start([breakOff], settings);
    await expect(execute(client, { idempotent: true })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(subgraph.calls).toHaveLength(1);
  });

  it('stays closed whatever the subgraph answers', async () => {
    const { client, subgraph } = await start([refusing('CONFLICT')], { failuresToOpen: 2 });
    for (let call = 1; call <= 5; call += 1) {
      await expect(execute(client)).rejects.toMatchObject({ code: 'CONFLICT' });
    }
    expect(subgraph.calls).toHaveLength(5);
  });
});

describe('the bulkhead', () => {
  it('lets some calls through, some wait, and rejects the rest at once', async () => {
    const gate = aGate();
    const slow: Respond = (response) => void gate.passed.then(() => good(response));
    const { client, subgraph } = await start([slow], { concurrentCalls: 2, waitingCalls: 1 });
    const three = Promise.all([execute(client), execute(client), execute(client)]);
    await eventually(() => expect(subgraph.calls).toHaveLength(2));
    await expect(execute(client, { idempotent: true })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(subgraph.calls).toHaveLength(2);
    gate.open();
    expect(await three).toHaveLength(3);
    expect(subgraph.calls).toHaveLength(3);
  });
});
