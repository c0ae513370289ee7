import { aGate, eventually } from '@shopgraph/kit/testing';
import { answer, hang, type Respond } from './fake-replica';
import { good, startScores, times, unavailable } from './start-scores';

let gateway: Awaited<ReturnType<typeof startScores>>;
afterEach(() => gateway.stop());

/** Answers when it may, and says how often it has been asked. */
function gated(respond: Respond = good) {
  const gate = aGate();
  const held: Respond = async (response, call) => {
    await gate.passed;
    return respond(response, call);
  };
  return { held, open: () => gate.open() };
}

const shared = (count: number) =>
  eventually(async () => expect(await gateway.metric('gateway_subgraph_shared_total')).toBe(count), 15_000);
const called = (count: number) => eventually(() => expect(gateway.first.calls).toHaveLength(count));

describe('queries that are alike', () => {
  it('are one call: a hundred at once get the answer of the first', async () => {
    const { held, open } = gated();
    gateway = await startScores([held]);
    const answers = times(100, () => gateway.send('{ best }'));
    await shared(99);
    open();
    for (const { data, errors } of await Promise.all(answers)) {
      expect([data, errors]).toEqual([{ best: 7 }, undefined]);
    }
    expect(gateway.first.calls).toHaveLength(1);
  });

  it('are one call for each viewer', async () => {
    const { held, open } = gated();
    gateway = await startScores([held]);
    const as = async (sub: string, permissions: string[] = []) =>
      gateway.post(
        { query: '{ best }' },
        { authorization: `Bearer ${await gateway.token({ sub, sid: `session_${sub}`, permissions })}` },
      );
    const viewers = [
      () => as('user_1'),
      () => as('user_2'),
      () => as('user_2', ['user:read']),
      () => gateway.send('{ best }'),
    ];
    const answers = viewers.flatMap((ask) => times(10, ask));
    await shared(36);
    open();
    for (const { data } of await Promise.all(answers)) expect(data).toEqual({ best: 7 });
    expect(new Set(gateway.first.calls.map(({ headers }) => headers['x-viewer'])).size).toBe(4);
    expect(gateway.first.calls).toHaveLength(4);
  });

  it('are not alike with other variables', async () => {
    const { held, open } = gated();
    gateway = await startScores([held]);
    const answers = ['ada', 'bob', 'ada'].map((of) => gateway.send('query ($of: String) { rank(of: $of) }', { of }));
    await shared(1);
    open();
    await Promise.all(answers);
    expect(gateway.first.calls).toHaveLength(2);
  });

  it('share its failure, too, each at its own path', async () => {
    const { held, open } = gated(answer({}, 503));
    gateway = await startScores([held]);
    const answers = times(3, () => gateway.send('{ best }'));
    await shared(2);
    open();
    for (const { errors } of await Promise.all(answers)) expect(errors).toEqual([unavailable('best')]);
    expect(gateway.first.calls).toHaveLength(1);
  });

  it('share nothing when that is switched off', async () => {
    const { held, open } = gated();
    gateway = await startScores([held], { SUBGRAPH_SINGLE_FLIGHT: 'off' });
    const answers = times(3, () => gateway.send('{ best }'));
    await called(3);
    open();
    await Promise.all(answers);
  });

  it('are asked anew when there has been an answer', async () => {
    gateway = await startScores([good]);
    for (let count = 1; count <= 3; count += 1) {
      await gateway.send('{ best }');
      expect(gateway.first.calls).toHaveLength(count);
    }
  });
});

describe('mutations', () => {
  it('are never shared', async () => {
    const { held, open } = gated();
    gateway = await startScores([held]);
    const answers = times(5, () => gateway.send('mutation { raise }'));
    await called(5);
    open();
    for (const { data } of await Promise.all(answers)) expect(data).toEqual({ raise: 8 });
  });

  it('are seen by what is asked after them, though the same was asked before and is not answered yet', async () => {
    const { held, open } = gated(answer({ data: { best: 7 } }));
    gateway = await startScores([held]);
    const before = gateway.send('{ best }');
    await called(1);
    gateway.first.respond(answer({ data: { raise: 8 } }), answer({ data: { best: 8 } }));
    await gateway.send('mutation { raise }');
    expect((await gateway.send('{ best }')).data).toEqual({ best: 8 });
    open();
    expect((await before).data).toEqual({ best: 7 });
  });
});

describe('a client that goes away', () => {
  it.each([0, 1, 2])('does not hurt the others, even as number %d of three', async (leaving) => {
    const { held, open } = gated();
    gateway = await startScores([held]);
    const clients = [gateway.ask('{ best }')];
    await called(1);
    clients.push(gateway.ask('{ best }'), gateway.ask('{ best }'));
    await shared(2);
    clients[leaving]?.leave();
    await expect(clients[leaving]?.sent).rejects.toThrow();
    // Until the gateway knows.
    await eventually(() =>
      expect(gateway.metric('gateway_subgraph_call_errors_total', ',code="aborted"')).resolves.toBe(1),
    );
    open();
    const stayed = clients.filter((_client, index) => index !== leaving);
    for (const { sent } of stayed) expect(await (await sent).body.json()).toEqual({ data: { best: 7 } });
    expect([gateway.first.calls.length, gateway.first.abandoned()]).toEqual([1, 0]);
  });

  it('takes the call along when it was the last one, and the next one begins another', async () => {
    gateway = await startScores([hang]);
    const clients = [gateway.ask('{ best }'), gateway.ask('{ best }')];
    await shared(1);
    for (const client of clients) client.leave();
    await eventually(() => expect(gateway.first.abandoned()).toBe(1));
    gateway.first.respond(good);
    expect((await gateway.send('{ best }')).data).toEqual({ best: 7 });
  });
});

describe('whoever has time', () => {
  it('joins a call that has at least half as much, and otherwise begins another', async () => {
    gateway = await startScores([hang], { SUBGRAPH_TIMEOUT_MS: '1000' });
    const clients = [gateway.ask('{ best }')];
    await called(1);
    gateway.clock.advance(400);
    clients.push(gateway.ask('{ best }'));
    await shared(1);
    gateway.clock.advance(200);
    clients.push(gateway.ask('{ best }'));
    await called(2);
    for (const client of clients) client.leave();
    await eventually(() => expect(gateway.first.abandoned()).toBe(2));
  });

  it('gives up when it is over, each for itself', async () => {
    gateway = await startScores([hang], { SUBGRAPH_TIMEOUT_MS: '150' });
    const answers = await Promise.all(times(3, () => gateway.send('{ best }')));
    for (const { errors } of answers)
      expect(errors).toMatchObject([{ path: ['best'], extensions: { code: 'TIMEOUT' } }]);
    await eventually(() => expect(gateway.first.abandoned()).toBe(gateway.first.calls.length));
  });
});
