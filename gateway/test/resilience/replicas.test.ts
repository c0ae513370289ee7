import { aGate, eventually } from '@shopgraph/kit/testing';
import { answer, hang, type Respond } from './fake-replica';
import { good, startScores, times } from './start-scores';

let gateway: Awaited<ReturnType<typeof startScores>>;
afterEach(() => gateway.stop());

const counts = () => gateway.replicas.map(({ calls }) => calls.length);
const ejected = () => gateway.metric('gateway_subgraph_ejected_replicas');

/** One after the other, each unlike the others. */
async function ask(count: number) {
  const answers = [];
  for (let index = 0; index < count; index += 1) answers.push(await gateway.send(`{ rank(of: "${index}") }`));
  return answers.map(({ errors }) => errors === undefined);
}

describe('calls to a subgraph with replicas', () => {
  it('go to each by turns while none is busy', async () => {
    gateway = await startScores([good, good, good]);
    await ask(9);
    expect(counts()).toEqual([3, 3, 3]);
  });

  it('go to the one with the fewest under way', async () => {
    const gate = aGate();
    const held: Respond = async (response, call) => {
      await gate.passed;
      return good(response, call);
    };
    gateway = await startScores([held, good]);
    const waiting = times(2, (index) => gateway.send(`{ rank(of: "busy ${index}") }`));
    await eventually(() => expect(counts()[0]).toBe(1));
    expect(await ask(10)).toEqual(Array(10).fill(true));
    expect(counts()).toEqual([1, 11]);
    gate.open();
    await Promise.all(waiting);
  });
});

describe('a replica that fails again and again', () => {
  const environment = { SUBGRAPH_EJECTION_FAILURES: '2', SUBGRAPH_EJECTION_MS: '10000', SUBGRAPH_TIMEOUT_MS: '60' };

  it('is ejected when it hangs, and everything is answered by the other', async () => {
    gateway = await startScores([hang, good], { ...environment, SUBGRAPH_TIMEOUT_MS: '400' });
    const [first, second] = [await ask(4), await ask(10)];
    expect(first.filter((isAnswered) => !isAnswered)).toHaveLength(2);
    expect(second).toEqual(Array(10).fill(true));
    expect(counts()).toEqual([2, 12]);
    expect(await ejected()).toBe(1);
    expect(gateway.logged.filter(({ msg }) => msg === 'replica ejected')).toMatchObject([
      { subgraph: 'scores', url: gateway.first.url, forMs: 10_000 },
    ]);
  });

  it('comes back after a while, and is ejected for longer by a single failure', async () => {
    gateway = await startScores([answer({}, 500), good], environment);
    await ask(4);
    gateway.clock.advance(9_999);
    await ask(4);
    expect(counts()[0]).toBe(2);
    gateway.clock.advance(1);
    await ask(4);
    expect(counts()[0]).toBe(3);
    gateway.clock.advance(19_999);
    await ask(4);
    expect(counts()[0]).toBe(3);

    gateway.first.respond(good);
    gateway.clock.advance(1);
    expect(await ask(4)).toEqual(Array(4).fill(true));
    expect(counts()[0]).toBe(5);
    expect(await ejected()).toBe(0);
  });

  it('gets one call at a time when it is back, until it has answered', async () => {
    gateway = await startScores([answer({}, 500), good], { ...environment, SUBGRAPH_TIMEOUT_MS: '60000' });
    await ask(4);
    const gate = aGate();
    const held: Respond = async (response, call) => {
      await gate.passed;
      return good(response, call);
    };
    for (const replica of gateway.replicas) replica.respond(held);
    gateway.clock.advance(10_000);
    const before = counts();
    const answers = times(6, (index) => gateway.send(`{ rank(of: "together ${index}") }`));
    await eventually(() => expect(counts()).toEqual([(before[0] ?? 0) + 1, (before[1] ?? 0) + 5]));
    gate.open();
    await Promise.all(answers);
  });

  it('is not ejected when it is the last one: then the others are tried again', async () => {
    gateway = await startScores([answer({}, 500), answer({}, 500)], environment);
    await ask(10);
    expect(await ejected()).toBeLessThanOrEqual(1);
    for (const replica of gateway.replicas) replica.respond(good);
    expect(await ask(6)).toEqual(Array(6).fill(true));
  });

  it('is not ejected when it is the only one', async () => {
    gateway = await startScores([answer({}, 500)], environment);
    await ask(6);
    expect([counts(), await ejected()]).toEqual([[6], 0]);
  });
});
