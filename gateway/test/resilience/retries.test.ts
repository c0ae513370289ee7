import { answer, hang, reset, type Respond } from './fake-replica';
import { good, startScores, unavailable } from './start-scores';

let gateway: Awaited<ReturnType<typeof startScores>>;
afterEach(() => gateway.stop());

const calls = () => gateway.first.calls.length;

/** A gateway that repeats, before one replica that responds so. */
async function start(responses: Respond[], environment: Record<string, string> = {}) {
  gateway = await startScores([good], { SUBGRAPH_RETRIES: '2', ...environment });
  gateway.first.respond(...responses);
}

describe('a query that was not answered', () => {
  it.each<[string, Respond]>([
    ['by a connection that breaks', reset],
    ['by 502', answer({}, 502)],
    ['by 503', answer({}, 503)],
    ['by 504', answer({}, 504)],
  ])('%s is repeated, signed anew', async (_how, respond) => {
    await start([respond, respond, good]);
    const { data, errors } = await gateway.send('{ best }');
    expect([data, errors]).toEqual([{ best: 7 }, undefined]);
    expect(calls()).toBe(3);
    // A subgraph refuses a nonce that came before.
    for (const header of ['x-nonce', 'x-signature']) {
      expect(new Set(gateway.first.calls.map(({ headers }) => headers[header])).size).toBe(3);
    }
    expect(await gateway.metric('gateway_subgraph_retries_total')).toBe(2);
  });

  it('is answered by the other replica', async () => {
    gateway = await startScores([reset, good], { SUBGRAPH_RETRIES: '1' });
    for (let count = 0; count < 4; count += 1) expect((await gateway.send('{ best }')).data).toEqual({ best: 7 });
    const [broken, working] = gateway.replicas.map((replica) => replica.calls.length);
    expect(broken).toBeGreaterThan(0);
    expect(working).toBe(4);
  });

  it('is repeated so often and no more', async () => {
    await start([reset], { SUBGRAPH_RETRIES: '3' });
    expect((await gateway.send('{ best name }')).errors).toEqual([unavailable('best')]);
    expect(calls()).toBe(4);
  });

  it('is not repeated when nothing shall be', async () => {
    await start([reset, good], { SUBGRAPH_RETRIES: '0' });
    expect((await gateway.send('{ best }')).errors).toEqual([unavailable('best')]);
    expect(calls()).toBe(1);
  });
});

describe('what was answered, or may have had an effect,', () => {
  it.each<[string, Respond]>([
    ['500', answer({}, 500)],
    ['400', answer({ errors: [] }, 400)],
    ['429', answer({ errors: [] }, 429)],
    ['an error that says UNAVAILABLE', answer({ errors: [{ message: '', extensions: { code: 'UNAVAILABLE' } }] })],
    ['what is no JSON', (response) => void response.end('<html>')],
  ])('such as a query with %s, is not repeated', async (_what, respond) => {
    await start([respond, good]);
    expect((await gateway.send('{ best }')).errors).toHaveLength(1);
    expect(calls()).toBe(1);
  });

  it('is not repeated when it has taken all of its time', async () => {
    await start([hang, good], { SUBGRAPH_TIMEOUT_MS: '200' });
    expect((await gateway.send('{ best }')).errors).toMatchObject([{ extensions: { code: 'TIMEOUT' } }]);
    expect(calls()).toBe(1);
  });

  it.each<[string, Respond]>([
    ['503', answer({}, 503)],
    ['a connection that breaks', reset],
  ])('such as a mutation with %s, is not repeated, though there is another replica', async (_what, respond) => {
    gateway = await startScores([respond, respond], { SUBGRAPH_RETRIES: '5' });
    expect((await gateway.send('mutation { raise }')).errors).toEqual([unavailable('raise')]);
    expect(gateway.replicas.flatMap((replica) => replica.calls)).toHaveLength(1);
    expect(await gateway.metric('gateway_subgraph_retries_total')).toBe(0);
  });
});

describe('repetitions', () => {
  it('have what the first attempt has left of the time of the call', async () => {
    const slowly: Respond = (response, call) => {
      gateway.clock.advance(300);
      return answer({}, 503)(response, call);
    };
    await start([slowly, good], { SUBGRAPH_TIMEOUT_MS: '1000' });
    expect((await gateway.send('{ best }')).data).toEqual({ best: 7 });
    expect(gateway.first.calls.map(({ headers }) => headers['x-timeout-ms'])).toEqual(['1000', '700']);
  });

  it('are left out when the time of the call might not suffice for the pause', async () => {
    const slowly: Respond = (response, call) => {
      gateway.clock.advance(600);
      return answer({}, 503)(response, call);
    };
    await start([slowly, good], { SUBGRAPH_TIMEOUT_MS: '1000', SUBGRAPH_RETRY_DELAY_MS: '500' });
    expect((await gateway.send('{ best }')).errors).toEqual([unavailable('best')]);
    expect(calls()).toBe(1);
  });

  it('do not go on beyond an open circuit, for which each attempt counts', async () => {
    const environment = { SUBGRAPH_CIRCUIT_FAILURES: '2', SUBGRAPH_CIRCUIT_OPEN_MS: '3600000' };
    await start([reset], { ...environment, SUBGRAPH_RETRIES: '5' });
    expect((await gateway.send('{ best }')).errors).toEqual([unavailable('best')]);
    expect(calls()).toBe(2);
  });

  it('are a share of all queries when a subgraph fails for long', async () => {
    await start([answer({}, 503)], { SUBGRAPH_RETRIES: '1', SUBGRAPH_RETRY_BUDGET_PERCENT: '20' });
    for (let count = 0; count < 50; count += 1) await gateway.send('{ best }');
    // Ten that were saved up, and one for each five of the fifty, of which some came while there was no need to save.
    expect(calls() - 50).toBeGreaterThanOrEqual(19);
    expect(calls() - 50).toBeLessThanOrEqual(20);
  });
});
