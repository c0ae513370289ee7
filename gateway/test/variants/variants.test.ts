import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { eventually } from '@shopgraph/kit/testing';
import { compose, startGatewayFor } from '../start-gateway';
import { publicContract, startVariants } from './start-variants';

const HOSTS = { GRAPH_VARIANT_HOSTS: 'shop.test=public, staff.test=full|public' };
const atShop = { host: 'shop.test' };
const atStaff = { host: 'staff.test' };

let shop: Awaited<ReturnType<typeof startVariants>>;
const start = async (environment: Record<string, string> = {}) => (shop = await startVariants(environment));
afterEach(() => shop.stop());

const ask = (query: string, headers: Record<string, string> = {}) => shop.post({ query }, headers);
const persisted = (query: string) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } },
});

describe('a host that serves a contract', () => {
  beforeEach(() => start(HOSTS));

  it('answers what the contract shows, from all subgraphs and by the same rules', async () => {
    const { data, errors } = await ask('{ me { name secret } best }', atShop);
    expect([data?.me, errors]).toMatchObject([
      null,
      [{ path: ['me', 'secret'], extensions: { code: 'UNAUTHENTICATED' } }],
    ]);
    expect((await ask('{ me { name } best }', atShop)).data).toEqual({ me: { name: 'Ada' }, best: 7 });
  });

  it.each([
    ['{ users { name } }', 'Cannot query field "users" on type "Query".'],
    ['{ me { score } }', 'Cannot query field "score" on type "User".'],
    ['mutation { closeShop }', 'Cannot query field "closeShop" on type "Mutation".'],
  ])('knows nothing of the rest: %s', async (query, message) => {
    const { status, errors } = await ask(query, atShop);
    const refusal = { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } };
    expect([status, errors]).toMatchObject([400, [refusal]]);
    const [said, suggested = ''] = errors?.[0]?.message.split(' Did you mean ') ?? [];
    expect(said).toBe(message);
    expect(suggested).not.toMatch(/users|score"|closeShop/);
  });

  it('neither suggests nor describes what it hides', async () => {
    expect((await ask('{ usersx { name } }', atStaff)).text).toContain('\\"users\\"');
    expect((await ask('{ usersx { name } }', atShop)).text).not.toContain('\\"users\\"');
    const fields = await ask('{ __type(name: "User") { fields { name } } }', atShop);
    expect(fields.text).toContain('rank');
    expect(fields.text).not.toContain('score');
    expect((await ask('{ __type(name: "User") { fields { name } } }', atStaff)).text).toContain('score');
  });

  it('serves no other variant to those who ask for it, whether there is one or not', async () => {
    for (const variant of ['full', 'nothing', '', 'full, public', '__proto__']) {
      const { status, errors } = await ask('{ best }', { ...atShop, 'x-graph-variant': variant });
      expect([variant, status, errors]).toEqual([
        variant,
        400,
        [
          {
            message: 'The variant that x-graph-variant names is not served here.',
            extensions: expect.objectContaining({ code: 'BAD_REQUEST' }) as unknown,
          },
        ],
      ]);
    }
    expect((await ask('{ best }', { ...atShop, 'x-graph-variant': 'public' })).status).toBe(200);
  });

  it('is not the only one: another serves more, and on request less', async () => {
    expect((await ask('{ users { score } }', atStaff)).data).toEqual({ users: [{ score: 3 }, { score: 3 }] });
    expect((await ask('{ users { name } }', { ...atStaff, 'x-graph-variant': 'public' })).status).toBe(400);
  });

  it('is known by its name only, and hosts that are not named serve nothing', async () => {
    expect((await ask('{ users { name } }', { host: 'SHOP.test.:8080' })).status).toBe(400);
    const { status, errors } = await ask('{ best }', { host: 'evil.test' });
    expect([status, errors]).toMatchObject([404, [{ extensions: { code: 'NOT_FOUND' } }]]);
  });

  it('is what the connection was made to: forwarded hosts are not believed unless from a trusted proxy', async () => {
    expect((await ask('{ users { name } }', { ...atShop, 'x-forwarded-host': 'staff.test' })).status).toBe(400);
    await shop.stop();
    await start({ ...HOSTS, TRUST_PROXY: '127.0.0.1' });
    expect((await ask('{ users { name } }', { ...atStaff, 'x-forwarded-host': 'shop.test' })).status).toBe(400);
    expect((await ask('{ users { name } }', { ...atShop, 'x-forwarded-host': 'staff.test' })).status).toBe(200);
  });

  it('checks a query that another variant has persisted against its own schema', async () => {
    const query = '{ users { name } }';
    expect((await shop.post({ query, ...persisted(query) }, atStaff)).status).toBe(200);
    for (let time = 0; time < 2; time += 1) {
      expect(await shop.post(persisted(query), atShop)).toMatchObject({
        status: 400,
        errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
      });
      expect((await shop.post(persisted(query), atStaff)).status).toBe(200);
    }
  });

  it('answers many at once, each by its own schema', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => ask('{ users { name } }', index % 2 === 0 ? atShop : atStaff)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map((_, index) => (index % 2 === 0 ? 400 : 200)));
  });
});

describe('variants', () => {
  it('can be asked for by everybody while no hosts are named; the whole graph is what others get', async () => {
    await start();
    const { status, headers } = await ask('{ users { name } }');
    expect([status, headers.vary]).toEqual([200, expect.stringContaining('X-Graph-Variant')]);
    expect((await ask('{ users { name } }', { 'x-graph-variant': 'public' })).status).toBe(400);
    expect((await ask('{ users { name } }', { 'x-graph-variant': 'partner' })).status).toBe(400);
  });

  it('are for all hosts that are not named where * says so', async () => {
    await start({ GRAPH_VARIANT_HOSTS: '*=public,staff.test=full' });
    expect((await ask('{ users { name } }', { host: 'anything.test' })).status).toBe(400);
    expect((await ask('{ users { name } }', atStaff)).status).toBe(200);
  });

  it('change each by itself, and stay what they are when a file is no supergraph', async () => {
    await start(HOSTS);
    await writeFile(shop.contractPath, compose(shop.subgraphs));
    await eventually(async () => expect((await ask('{ users { name } }', atShop)).status).toBe(200));
    await writeFile(shop.contractPath, publicContract(shop.subgraphs));
    await eventually(async () => expect((await ask('{ users { name } }', atShop)).status).toBe(400));
    await writeFile(shop.contractPath, 'type Query {');
    await eventually(() => expect(shop.logged.some(({ msg }) => msg.includes('keeping the old one'))).toBe(true));
    expect((await ask('{ best }', atShop)).status).toBe(200);
    expect((await ask('{ users { name } }', atStaff)).status).toBe(200);
  });

  it('do not complain of rules for what a contract hides', async () => {
    await start(HOSTS);
    const about = shop.logged.filter(({ level }) => level >= 50).map(({ msg }) => msg);
    // Once, of the whole graph: the test shop has rules for types of other tests.
    expect(about.filter((msg) => msg.includes('does not have')).length).toBeLessThanOrEqual(1);
  });

  it('do not start when one of them cannot be read', async () => {
    const { subgraphs, redis, clock } = await start();
    const environment = { GRAPH_VARIANTS: 'public=/nowhere/public.graphql' };
    await expect(startGatewayFor({ subgraphs, redis, clock, environment })).rejects.toThrow('ENOENT');
  });
});
