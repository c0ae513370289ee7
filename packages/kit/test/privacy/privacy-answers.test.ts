import type { EventBus } from '../../src/event-bus';
import { connectMongo, ensureIndexes, type MongoConnection } from '../../src/mongo';
import { answerPrivacyRequests } from '../../src/privacy-answers';
import { MAX_PRIVACY_PIECE, type PrivacyAnswer } from '../../src/privacy-handling';
import { eventually, FakeClock, startTestBus, startTestDatabase, testKeys } from '../../testing';
import { anEvent } from '../bus/an-event';
import { answer, breakOff, fakeSubgraph, type Respond } from '../service-client/fake-subgraph';
import { silentLogger } from '../silent-logger';

const HOUR_MS = 3_600_000;
const accepts = answer({ data: { privacyAnswer: { accepted: true } } });
const waitsNoMore = answer({ data: { privacyAnswer: { accepted: false } } });

let database: Awaited<ReturnType<typeof startTestDatabase>>;
let connection: MongoConnection;
let bus: EventBus;
let clock: FakeClock;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  database = await startTestDatabase();
});
beforeEach(async () => {
  clock = new FakeClock();
  connection = await connectMongo(database.uri);
  bus = await startTestBus();
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await bus.close();
  await connection.dropDatabase();
  await connection.close();
});
afterAll(() => database.stop());

/** A subgraph that answers to a users subgraph which responds as told. */
async function start({
  responses = [accepts] as Respond[],
  exportOf = async (userId: string): Promise<object> => ({ held: `of ${userId}` }),
} = {}) {
  const users = await fakeSubgraph(...responses);
  const erased: string[] = [];
  const erasing = { fails: false };
  const background = answerPrivacyRequests({
    ...{ subgraph: 'reviews', bus, connection, clock, logger: silentLogger, signingKeys: testKeys },
    usersUrl: users.url,
    pollMs: 20,
    exportOf,
    async erase(userId) {
      if (erasing.fails) throw new Error('the disk is full');
      erased.push(userId);
    },
  });
  await ensureIndexes(connection);
  for (const work of background) await work.start();
  stops.push(() => users.stop(), ...background.map((work) => () => work.stop()));
  const answers = () => users.calls.map(({ body }) => (body.variables as { input: PrivacyAnswer }).input);
  const waiting = () => connection.collection('privacyRequests').countDocuments();
  return { users, erased, erasing, answers, waiting };
}

const request = (kind: 'export' | 'anonymisation', jobId = 'privjob_1', userId = 'user_1') =>
  bus.publish({ ...anEvent(jobId), type: `users.${kind}-requested`, data: { jobId, userId } });

describe('a subgraph that answers privacy requests', () => {
  it('sends what it holds as JSON, signed by itself, once', async () => {
    const { users, answers, waiting } = await start();
    await request('export');
    await request('export');
    await eventually(() => expect(answers()).toHaveLength(1));
    await eventually(async () => expect(await waiting()).toBe(0));
    expect(answers()).toEqual([
      { jobId: 'privjob_1', attempt: expect.any(String), index: 0, isLast: true, text: '{"held":"of user_1"}' },
    ]);
    const viewer = JSON.parse(Buffer.from(String(users.calls[0]?.headers['x-viewer']), 'base64url').toString());
    expect(viewer).toEqual({ kind: 'service', name: 'reviews' });
  });

  it('sends what does not fit into one request in pieces of one attempt', async () => {
    const held = { text: `${'ü'.repeat(MAX_PRIVACY_PIECE)}😀`, more: 'x'.repeat(MAX_PRIVACY_PIECE) };
    const { answers } = await start({ exportOf: async () => held });
    await request('export');
    await eventually(() => expect(answers().at(-1)?.isLast).toBe(true));
    expect(answers().map(({ index, isLast }) => [index, isLast])).toEqual([
      [0, false],
      [1, false],
      [2, true],
    ]);
    expect(new Set(answers().map(({ attempt }) => attempt)).size).toBe(1);
    const text = answers().map((piece) => piece.text);
    expect(JSON.parse(text.join(''))).toEqual(held);
  });

  it('loses nothing while users is away: it answers once that is back', async () => {
    const { answers, waiting } = await start({ responses: [breakOff, breakOff, breakOff, accepts] });
    await request('export');
    // The first three are what the client itself repeats.
    await eventually(() => expect(answers()).toHaveLength(3));
    await eventually(() => {
      // Due again five seconds after the failure, on a clock that stands still until it is told.
      clock.advance(1_000);
      expect(answers()).toHaveLength(4);
    });
    await eventually(async () => expect(await waiting()).toBe(0));
  });

  it('erases, and says so once it is done', async () => {
    const { erased, erasing, answers } = await start();
    erasing.fails = true;
    await request('anonymisation');
    await eventually(async () =>
      expect(await connection.collection('privacyRequests').findOne()).toMatchObject({ failures: 1 }),
    );
    expect(answers()).toEqual([]);

    erasing.fails = false;
    await eventually(() => {
      clock.advance(1_000);
      expect(answers()).toHaveLength(1);
    });
    expect(erased).toEqual(['user_1']);
  });

  it('erases again later what was under way, without saying so again', async () => {
    const { erased, answers, waiting } = await start();
    await request('anonymisation');
    await eventually(() => expect(answers()).toHaveLength(1));
    clock.advance(HOUR_MS);
    await eventually(() => expect(erased).toHaveLength(2));
    clock.advance(24 * HOUR_MS);
    await eventually(() => expect(erased).toHaveLength(3));
    await eventually(async () => expect(await waiting()).toBe(0));
    expect(erased).toEqual(['user_1', 'user_1', 'user_1']);
    expect(answers()).toHaveLength(1);
  });

  it('answers again when it is asked once more, because its answer was lost', async () => {
    const { answers } = await start();
    await request('anonymisation');
    await eventually(() => expect(answers()).toHaveLength(1));
    await bus.publish({
      ...anEvent('privjob_1', 2),
      type: 'users.anonymisation-requested',
      data: { jobId: 'privjob_1', userId: 'user_1' },
    });
    await eventually(() => expect(answers()).toHaveLength(2));
  });

  it('sends nothing more, and keeps nothing, when nobody waits for it any more', async () => {
    const held = { text: 'x'.repeat(3 * MAX_PRIVACY_PIECE) };
    const { answers, waiting } = await start({ responses: [waitsNoMore], exportOf: async () => held });
    await request('export');
    await eventually(() => expect(answers()).toHaveLength(1));
    await eventually(async () => expect(await waiting()).toBe(0));
    expect(answers()).toHaveLength(1);
  });
});
