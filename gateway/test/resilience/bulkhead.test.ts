import { aGate, eventually, type Gate } from '@shopgraph/kit/testing';
import { answer, type Respond } from './fake-replica';
import { good, startScores, times, unavailable } from './start-scores';

let gateway: Awaited<ReturnType<typeof startScores>>;
let gate: Gate;
afterEach(() => gateway.stop());

const calls = () => gateway.first.calls.length;
const rejected = (count: number) =>
  eventually(async () => expect(await gateway.metric('gateway_subgraph_rejected_total')).toBe(count));

/** A gateway that makes two calls at a time, before a subgraph that answers when the gate opens. */
async function start(respond: Respond, environment: Record<string, string> = {}) {
  gate = aGate();
  const held: Respond = async (response, call) => {
    await gate.passed;
    return respond(response, call);
  };
  gateway = await startScores([held], { SUBGRAPH_CONCURRENT_CALLS: '2', SUBGRAPH_WAITING_CALLS: '1', ...environment });
}

/** Each unlike the others. */
const rank = (index: number) => gateway.send(`{ rank(of: "${index}") }`);

describe('calls to one subgraph', () => {
  it('wait when too many are under way, and are UNAVAILABLE at once when too many wait', async () => {
    await start(good);
    const underWay = times(2, rank);
    await eventually(() => expect(calls()).toBe(2));
    const more = times(3, (index) => rank(index + 2));
    await rejected(2);
    expect(calls()).toBe(2);
    expect((await gateway.send('mutation { raise }')).errors).toEqual([unavailable('raise')]);
    expect((await gateway.send('{ name }')).data).toEqual({ name: 'Ada' });

    gate.open();
    for (const { data } of await Promise.all(underWay)) expect(data).toEqual({ rank: 1 });
    const answers = await Promise.all(more);
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
    expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([unavailable('rank'), unavailable('rank')]);
    expect(calls()).toBe(3);
  });

  it.each([
    ['query', '{ best }'],
    ['mutation', 'mutation { raise }'],
  ])('that wait, such as a %s, are not made when their client has gone', async (_kind, operation) => {
    await start(good);
    const underWay = times(2, rank);
    await eventually(() => expect(calls()).toBe(2));
    const waiting = gateway.ask(operation);
    // The place is taken: it has come.
    await eventually(async () => expect((await rank(3)).errors).toEqual([unavailable('rank')]));
    waiting.leave();
    await eventually(async () =>
      expect(await gateway.metric('gateway_subgraph_call_errors_total', ',code="aborted"')).toBe(1),
    );
    gate.open();
    await Promise.all(underWay);
    expect((await rank(4)).data).toEqual({ rank: 1 });
    expect(gateway.first.calls.map(({ body }) => body).join()).not.toMatch(/best|raise/);
  });

  it('that wait become TIMEOUT when their time is over, and are not made afterwards', async () => {
    await start(good, { SUBGRAPH_TIMEOUT_MS: '200', REQUEST_TIMEOUT_MS: '60000' });
    const underWay = times(2, () => gateway.send('mutation { raise }'));
    await eventually(() => expect(calls()).toBe(2));
    const { errors } = await gateway.send('{ best }');
    expect(errors).toMatchObject([{ path: ['best'], extensions: { code: 'TIMEOUT' } }]);
    gate.open();
    await Promise.all(underWay);
    expect((await gateway.send('mutation { raise }')).data).toEqual({ raise: 8 });
    expect(calls()).toBe(3);
  });

  it('that wait are not made any more when the circuit opens', async () => {
    const environment = { SUBGRAPH_CIRCUIT_FAILURES: '1', SUBGRAPH_CIRCUIT_OPEN_MS: '3600000' };
    await start(answer({}, 500), { ...environment, SUBGRAPH_WAITING_CALLS: '8' });
    const answers = times(10, rank);
    await eventually(() => expect(calls()).toBe(2));
    gate.open();
    for (const { errors } of await Promise.all(answers)) expect(errors).toEqual([unavailable('rank')]);
    // The next one's turn comes before the circuit knows.
    expect(calls()).toBeLessThanOrEqual(3);
  });
});
