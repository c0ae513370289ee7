import { LiveEvents } from '../../src/live-events';
import { connectTestRedis } from '../../testing';
import { silentLogger } from '../silent-logger';

async function replica() {
  const redis = await connectTestRedis();
  const live = new LiveEvents(redis, silentLogger);
  return {
    live,
    redis,
    stop: () => {
      live.close();
      redis.disconnect();
    },
  };
}

/** A name that no other test uses. */
const aChannel = () => `test-${process.pid}-${Math.random()}`;

it('what one replica publishes reaches the listeners of all, on that channel, and nobody who has left', async () => {
  const [first, second] = [await replica(), await replica()];
  const [channel, other] = [aChannel(), aChannel()];
  const here = await first.live.listen<{ n: number }>(channel);
  const there = await second.live.listen<{ n: number }>(channel);
  const odd = await second.live.listen<{ n: number }>(channel, ({ n }) => n % 2 === 1);
  await first.live.publish(other, { n: 0 });
  await first.live.publish(channel, { n: 2 });
  await first.live.publish(channel, { n: 3 });
  for (const listener of [here, there]) {
    expect([await listener.next(), await listener.next()].map(({ value }) => value)).toEqual([{ n: 2 }, { n: 3 }]);
  }
  expect(await odd.next()).toEqual({ done: false, value: { n: 3 } });

  const waiting = there.next();
  await there.return();
  expect(await waiting).toEqual({ done: true, value: undefined });
  await first.live.publish(channel, { n: 5 });
  expect((await odd.next()).value).toEqual({ n: 5 });
  expect((await there.next()).done).toBe(true);
  first.stop();
  second.stop();
});

it('whoever publishes while Redis is away does not fail', async () => {
  const { live, redis, stop } = await replica();
  redis.disconnect();
  await expect(live.publish(aChannel(), {})).resolves.not.toThrow();
  stop();
});
