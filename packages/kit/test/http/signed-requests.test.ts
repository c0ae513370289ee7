import { encodeViewer } from '../../src/viewer';
import { anonymous, aUser } from '../../testing';
import { startThings } from './start-things';

let things: Awaited<ReturnType<typeof startThings>>;
beforeEach(async () => {
  things = await startThings({ maxBodyBytes: 10_000 });
});
afterEach(() => things.service.close());

const body = JSON.stringify({ query: '{ call }' });
const refusal = (code: string) => ({ errors: [{ message: expect.any(String) as string, extensions: { code } }] });

describe('a subgraph', () => {
  it('answers a signed request on behalf of its viewer', async () => {
    const viewer = aUser({ permissions: ['product:read'] });
    const { status, json } = await things.post(body, things.signed(body, viewer));
    expect(status).toBe(200);
    expect(JSON.parse(String(json.data?.call))).toMatchObject({ viewer });
  });

  it.each<[string, () => Record<string, string>]>([
    ['is not signed', () => ({ 'content-type': 'application/json' })],
    ['has another body', () => things.signed(JSON.stringify({ query: '{ other }' }))],
    ['has another viewer', () => ({ ...things.signed(body), 'x-viewer': encodeViewer(aUser()) })],
    ['has no nonce', () => ({ ...things.signed(body), 'x-nonce': '' })],
    ['is no JSON by its type', () => ({ ...things.signed(body), 'content-type': 'text/plain' })],
  ])('refuses a request that %s, and says no more than that', async (_what, headers) => {
    const { status, json } = await things.post(body, headers());
    expect(status).toBe(401);
    expect(json).toEqual(refusal('UNAUTHENTICATED'));
  });

  it('refuses a request to another path than the signed one', async () => {
    const { status, json } = await things.post(body, things.signed(body), '/graphql?a=b');
    expect(status).toBe(401);
    expect(json).toEqual(refusal('UNAUTHENTICATED'));
  });

  it('refuses a request that is sent again', async () => {
    const headers = things.signed(body);
    expect((await things.post(body, headers)).status).toBe(200);
    expect((await things.post(body, headers)).status).toBe(401);
  });

  it('refuses a request that is older than the skew of clocks', async () => {
    const headers = things.signed(body);
    things.clock.advance(60_001);
    expect((await things.post(body, headers)).status).toBe(401);
  });

  it('refuses a body that is too large, signed or not', async () => {
    const large = JSON.stringify({ query: `{ call }${' '.repeat(10_000)}` });
    for (const headers of [things.signed(large), { 'content-type': 'application/json' }]) {
      const { status, json } = await things.post(large, headers);
      expect(status).toBe(413);
      expect(json).toEqual(refusal('PAYLOAD_TOO_LARGE'));
    }
  });

  it('refuses a signed body that is not JSON', async () => {
    const { status, json } = await things.post('{"query":', things.signed('{"query":'));
    expect(status).toBe(400);
    expect(json).toEqual(refusal('BAD_REQUEST'));
  });

  it('has no GraphQL over GET, and nothing at other paths', async () => {
    for (const path of ['/graphql?query={call}', '/', '/other']) {
      const { status, text } = await things.get(path);
      expect(status).toBe(404);
      expect(JSON.parse(text)).toEqual(refusal('NOT_FOUND'));
    }
  });

  it('answers its public routes without a signature', async () => {
    const { status, text } = await things.get('/public');
    expect([status, text]).toEqual([200, '{"isPublic":true}']);
  });
});

describe('a call', () => {
  const callWith = async (headers: Record<string, string>) => {
    const { json } = await things.post(body, things.signed(body, anonymous, headers));
    return JSON.parse(String(json.data?.call)) as { requestId: string; traceparent: unknown; deadline: unknown };
  };

  it('has the id that the caller gave it, which the answer repeats', async () => {
    const { headers, json } = await things.post(body, things.signed(body, anonymous, { 'x-request-id': 'req_1' }));
    expect(headers['x-request-id']).toBe('req_1');
    expect(JSON.parse(String(json.data?.call))).toMatchObject({ requestId: 'req_1' });
  });

  it('gets an id where the caller gave none', async () => {
    const { headers, json } = await things.post(body);
    expect(headers['x-request-id']).toMatch(/^[\w-]{36}$/);
    expect(JSON.parse(String(json.data?.call))).toMatchObject({ requestId: headers['x-request-id'] });
  });

  it('has the trace of its caller', async () => {
    expect(await callWith({ traceparent: '00-trace-span-01' })).toMatchObject({ traceparent: '00-trace-span-01' });
    expect(await callWith({})).toMatchObject({ traceparent: null });
  });

  it('has a deadline where its caller says how long it waits', async () => {
    const now = things.clock.now().getTime();
    const inMs = (ms: number) => ({ deadline: new Date(now + ms).toISOString() });
    expect(await callWith({ 'x-timeout-ms': '1500' })).toMatchObject(inMs(1500));
    expect(await callWith({})).toMatchObject({ deadline: null });
  });

  it.each(['0', '-5', 'soon', 'Infinity', '1e300', ''])('has no deadline for a time-out of %j', async (timeout) => {
    expect(await callWith({ 'x-timeout-ms': timeout })).toMatchObject({ deadline: null });
  });
});
