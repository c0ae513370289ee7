import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@shopgraph/kit/testing';
import { request } from 'undici';
import { compose, startShop } from '../start-gateway';

let shop: Awaited<ReturnType<typeof startShop>>;
afterEach(() => shop.stop());

/** A figure of the gateway's metrics; 0 where it has not counted yet. */
async function figure(name: string, label: string): Promise<number> {
  const { body } = await request(`${shop.operationsOrigin}/metrics`);
  const lines = (await body.text()).split('\n');
  return Number(
    lines
      .find((line) => line.startsWith(`${name}{`) && line.includes(label))
      ?.split(' ')
      .at(-1) ?? 0,
  );
}
const misses = () => figure('gateway_query_plan_lookups_total', 'result="miss"');
const warmed = (result: string) => figure('gateway_warmed_operations_total', `result="${result}"`);

/** Takes over the graph of these subgraphs. */
async function serve(subgraphs: Parameters<typeof compose>[0]): Promise<void> {
  // Renamed, because a file that is seen half written is taken over twice.
  await writeFile(`${shop.supergraphPath}.new`, compose(subgraphs));
  await rename(`${shop.supergraphPath}.new`, shop.supergraphPath);
  await eventually(() => expect(shop.logged.some(({ msg }) => msg === 'serving a new supergraph')).toBe(true));
}

describe('a new version of the graph', () => {
  it('has planned what was used last before it is served, for those who are refused a part, too', async () => {
    shop = await startShop();
    const { users } = shop.subgraphs;
    await shop.send('query Me { me { name } }');
    await shop.send('{ me { name secret } }');
    await shop.send('query If($if: Boolean!) { me { name @include(if: $if) } }', { if: true });
    const before = await misses();
    expect(before).toBe(3);

    await serve(users ? [users] : []);
    expect(await warmed('planned')).toBe(3);
    const answers = [
      await shop.send('query Me { me { name } }'),
      await shop.send('{ me { name secret } }'),
      await shop.send('query If($if: Boolean!) { me { name @include(if: $if) } }', { if: true }),
    ];
    expect(answers.map(({ data }) => data)).toEqual([{ me: { name: 'Ada' } }, { me: null }, { me: { name: 'Ada' } }]);
    expect(await misses()).toBe(before);
  });

  it('leaves out what does not fit it, and answers that as if nothing had been', async () => {
    shop = await startShop();
    const { users } = shop.subgraphs;
    await shop.send('{ me { name } }');
    await shop.send('{ best }');
    await serve(users ? [users] : []);
    expect([await warmed('planned'), await warmed('skipped')]).toEqual([1, 1]);
    expect((await shop.send('{ best }')).status).toBe(400);
  });

  it('plans nothing ahead when told so', async () => {
    shop = await startShop({ WARM_UP_OPERATIONS: '0' });
    const { users } = shop.subgraphs;
    await shop.send('{ me { name } }');
    await serve(users ? [users] : []);
    await shop.send('{ me { name } }');
    expect([await warmed('planned'), await misses()]).toEqual([0, 2]);
  });
});

describe('a gateway that starts', () => {
  it('has planned the operations of its manifest, and measures how long planning takes', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'manifest-'));
    const bodies = ['query Me { me { name } }', 'query Gone { gone }', 'query A { best } query B { best }'];
    const manifest = bodies.map((body) => [createHash('sha256').update(body).digest('hex'), { name: 'x', body }]);
    const path = join(directory, 'manifest.json');
    await writeFile(path, JSON.stringify(Object.fromEntries(manifest)));
    shop = await startShop({ PERSISTED_QUERIES: 'log', PERSISTED_QUERIES_MANIFEST: path });
    expect([await warmed('planned'), await warmed('skipped')]).toEqual([1, 1]);

    expect((await shop.send('query Me { me { name } }')).data).toEqual({ me: { name: 'Ada' } });
    expect(await misses()).toBe(0);
    expect((await shop.post({ query: bodies[2], operationName: 'B' })).data).toEqual({ best: 7 });
    expect(await figure('gateway_query_planning_duration_seconds_count', '')).toBe(2);
    await rm(directory, { recursive: true });
  });
});
