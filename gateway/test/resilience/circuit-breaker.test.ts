import { readFile, writeFile } from 'node:fs/promises';
import { aGate, eventually } from '@shopgraph/kit/testing';
import { compose } from '../start-gateway';
import { answer, hang, reset, type Respond } from './fake-replica';
import { good, startScores, times, unavailable } from './start-scores';

const HOUR = '3600000';
let gateway: Awaited<ReturnType<typeof startScores>>;
afterEach(() => gateway.stop());

const calls = () => gateway.first.calls.length;

/** Asks one after the other; identical ones at once would share a call. */
async function failTimes(count: number, query = '{ best }') {
  for (let call = 0; call < count; call += 1) expect((await gateway.send(query)).errors).toHaveLength(1);
}

describe('the circuit of a subgraph', () => {
  it.each<[string, Respond]>([
    ['connections that break', reset],
    ['answers with 500', answer({}, 500)],
    ['answers with 503', answer({}, 503)],
    ['silence', hang],
  ])('opens after %s in a row: then nothing is called, and the rest is answered', async (_what, respond) => {
    gateway = await startScores([respond], {
      SUBGRAPH_CIRCUIT_FAILURES: '3',
      SUBGRAPH_CIRCUIT_OPEN_MS: HOUR,
      ...(respond === hang && { SUBGRAPH_TIMEOUTS: 'scores=50' }),
    });
    await failTimes(3);
    const before = calls();
    const { data, errors, text } = await gateway.send('{ name best other: best }');
    expect(data).toEqual({ name: 'Ada', best: null, other: null });
    expect(errors).toEqual([unavailable('best'), unavailable('other')]);
    expect((await gateway.send('mutation { raise }')).errors).toEqual([unavailable('raise')]);
    // One that is given up may not have arrived.
    expect([calls(), respond === hang || calls() === 3]).toEqual([before, true]);
    expect(text).not.toMatch(/circuit|breaker/i);
    expect(gateway.logged.filter(({ msg }) => msg === 'circuit changed')).toMatchObject([
      { subgraph: 'scores', state: 'Open' },
    ]);
  });

  it.each<[string, Respond]>([
    ['errors of GraphQL', answer({ data: null, errors: [{ message: 'No.', extensions: { code: 'INTERNAL' } }] })],
    [
      'errors of GraphQL that say UNAVAILABLE',
      answer({ errors: [{ message: '', extensions: { code: 'UNAVAILABLE' } }] }),
    ],
    ['refusals of the request', answer({ errors: [] }, 400)],
    ['refusals of the gateway', answer({ errors: [] }, 401)],
  ])('stays closed after %s', async (_what, respond) => {
    gateway = await startScores([respond], { SUBGRAPH_CIRCUIT_FAILURES: '2', SUBGRAPH_CIRCUIT_OPEN_MS: HOUR });
    await failTimes(5);
    expect(calls()).toBe(5);
  });

  it('stays closed when clients go away', async () => {
    gateway = await startScores([hang], { SUBGRAPH_CIRCUIT_FAILURES: '2', SUBGRAPH_CIRCUIT_OPEN_MS: HOUR });
    for (let count = 1; count <= 3; count += 1) {
      const { leave } = gateway.ask('{ best }');
      await eventually(() => expect(calls()).toBe(count));
      leave();
      await eventually(() => expect(gateway.first.abandoned()).toBe(count));
    }
    gateway.first.respond(good);
    expect((await gateway.send('{ best }')).data).toEqual({ best: 7 });
  });

  it('stays closed when others have used up the time of the request', async () => {
    const environment = { SUBGRAPH_CIRCUIT_FAILURES: '2', REQUEST_TIMEOUT_MS: '100', SUBGRAPH_TIMEOUT_MS: '60000' };
    gateway = await startScores([hang], { ...environment, SUBGRAPH_CIRCUIT_OPEN_MS: HOUR });
    await failTimes(4);
    expect(calls()).toBe(4);
  });

  it('shows in readiness, which it does not end, and in the metrics', async () => {
    gateway = await startScores([reset], { SUBGRAPH_CIRCUIT_FAILURES: '2', SUBGRAPH_CIRCUIT_OPEN_MS: HOUR });
    expect(await gateway.dependencies()).toMatchObject({ status: 200, 'subgraph:scores': 'ok' });
    await failTimes(2);
    expect(await gateway.dependencies()).toMatchObject({
      status: 200,
      supergraph: 'ok',
      'subgraph:scores': 'unavailable',
      'subgraph:names': 'ok',
    });
    const stateOf = (state: string) => gateway.metric('gateway_subgraph_circuit_state', `,state="${state}"`);
    expect(await Promise.all(['open', 'half-open', 'closed'].map(stateOf))).toEqual([1, 0, 0]);
  });

  it('stays open over a new supergraph', async () => {
    gateway = await startScores([reset], { SUBGRAPH_CIRCUIT_FAILURES: '2', SUBGRAPH_CIRCUIT_OPEN_MS: HOUR });
    await failTimes(2);
    await writeFile(gateway.supergraphPath, `${await readFile(gateway.supergraphPath, 'utf8')}\n# new`);
    await eventually(() => expect(gateway.logged.map(({ msg }) => msg)).toContain('serving a new supergraph'));
    await failTimes(1);
    expect(calls()).toBe(2);
  });
});

describe('a subgraph that the supergraph has no more', () => {
  it('shows neither in readiness nor in the metrics', async () => {
    gateway = await startScores([good]);
    await writeFile(gateway.supergraphPath, compose(gateway.subgraphs.filter(({ name }) => name === 'names')));
    await eventually(async () => expect(await gateway.dependencies()).not.toHaveProperty('subgraph:scores'));
    expect(await gateway.dependencies()).toMatchObject({ 'subgraph:names': 'ok' });
    expect(await gateway.metric('gateway_subgraph_circuit_state', ',state="closed"')).toBe(0);
  });
});

describe('an open circuit', () => {
  /** Open, and at the end of its time. */
  async function opened() {
    gateway = await startScores([reset], { SUBGRAPH_CIRCUIT_FAILURES: '2', SUBGRAPH_CIRCUIT_OPEN_MS: '1' });
    await failTimes(2);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }

  it('lets one call try, while all others fail at once, and closes when that is answered', async () => {
    await opened();
    const gate = aGate();
    gateway.first.respond(async (response, call) => {
      await gate.passed;
      return good(response, call);
    });
    const probe = gateway.send('{ best }');
    await eventually(() => expect(calls()).toBe(3));
    const others = await Promise.all(times(5, (index) => gateway.send(`{ rank(of: "${index}") }`)));
    for (const { errors } of others) expect(errors).toEqual([unavailable('rank')]);
    expect(calls()).toBe(3);
    gate.open();
    expect((await probe).data).toEqual({ best: 7 });
    expect((await gateway.send('{ rank }')).data).toEqual({ rank: 1 });
    expect(await gateway.dependencies()).toMatchObject({ 'subgraph:scores': 'ok' });
  });

  it.each<[string, Respond]>([
    ['fails', reset],
    ['is answered with 500', answer({}, 500)],
  ])('stays open when the call that tries %s', async (_how, respond) => {
    await opened();
    gateway.first.respond(respond);
    await failTimes(1);
    expect(await gateway.dependencies()).toMatchObject({ 'subgraph:scores': 'unavailable' });
  });

  it('stays open when the client of the call that tries goes away', async () => {
    await opened();
    gateway.first.respond(hang);
    const { leave } = gateway.ask('{ best }');
    await eventually(() => expect(calls()).toBe(3));
    leave();
    await eventually(() => expect(gateway.first.abandoned()).toBe(3));
    expect(await gateway.dependencies()).toMatchObject({ 'subgraph:scores': 'unavailable' });
    const states = gateway.logged.filter(({ msg }) => msg === 'circuit changed').map(({ state }) => state);
    expect(states).toEqual(['Open', 'HalfOpen', 'Open']);
  });
});
