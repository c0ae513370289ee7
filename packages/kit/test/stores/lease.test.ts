import { Lease } from '../../src/lease';
import { connectMongo, type MongoConnection } from '../../src/mongo';
import { FakeClock, startTestDatabase } from '../../testing';

const TTL_MS = 10_000;

let database: Awaited<ReturnType<typeof startTestDatabase>>;
let connection: MongoConnection;
let clock: FakeClock;

beforeAll(async () => {
  database = await startTestDatabase();
  connection = await connectMongo(database.uri);
});
beforeEach(async () => {
  clock = new FakeClock();
  await connection.collection('leases').deleteMany({});
});
afterAll(async () => {
  await connection.close();
  await database.stop();
});

const aLease = (name = 'work') => new Lease(connection, name, TTL_MS, clock);

describe('a lease', () => {
  it('is held by one replica, as long as that one prolongs it', async () => {
    const [first, second] = [aLease(), aLease()];
    for (let round = 1; round <= 3; round += 1) {
      expect(await first.acquire()).toBe(true);
      clock.advance(TTL_MS - 1);
      expect(await second.acquire()).toBe(false);
    }
  });

  it('goes to another when its holder has not prolonged it in time, who then has to wait', async () => {
    const [first, second] = [aLease(), aLease()];
    await first.acquire();
    clock.advance(TTL_MS);
    expect(await second.acquire()).toBe(true);
    expect(await first.acquire()).toBe(false);
  });

  it('goes to another at once when it is released', async () => {
    const [first, second] = [aLease(), aLease()];
    await first.acquire();
    await first.release();
    expect(await second.acquire()).toBe(true);
  });

  it('is not released by one who does not hold it', async () => {
    const [first, second] = [aLease(), aLease()];
    await first.acquire();
    await second.release();
    expect(await second.acquire()).toBe(false);
  });

  it('is got by one of many who ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => aLease().acquire()));
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  it('has nothing to do with one of another name', async () => {
    await aLease('first').acquire();
    expect(await aLease('second').acquire()).toBe(true);
  });
});
