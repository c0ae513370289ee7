import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createShopgraphClient } from '@shopgraph/client';
import { eventually } from '@shopgraph/kit/testing';
import { request } from 'undici';

const ROOT = join(__dirname, '..');
const START_MS = 60_000;

let dataDir: string;
let port: number;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'shopgraph-start-'));
  port = 20_000 + Math.floor(Math.random() * 10_000);
});
afterAll(() => rm(dataDir, { recursive: true }));

const url = () => `http://127.0.0.1:${port}`;
const client = () => createShopgraphClient({ url: `${url()}/graphql` });

/** `npm start` with nothing but ports and a data folder. */
const start = (...flags: string[]) => startWith({}, ...flags);

function startWith(environment: Readonly<Record<string, string>>, ...flags: string[]) {
  const command = ['--import', 'tsx', '--conditions=@shopgraph/source', join(ROOT, 'tools/src/start.ts'), ...flags];
  return run(process.execPath, command, environment);
}

function run(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { PATH = '', HOME = '' } = process.env;
  const names = ['GATEWAY_PORT', 'USERS_PORT', 'PRODUCTS_PORT', 'INVENTORY_PORT', 'ORDERS_PORT'];
  const ports = Object.fromEntries(names.map((name, index) => [name, String(port + index)]));
  const env = { PATH, HOME, DATA_DIR: dataDir, ...ports, ...environment };
  const child = spawn(program, args, { cwd: ROOT, env });
  const output: string[] = [];
  child.stdout.on('data', (text: Buffer) => output.push(text.toString()));
  child.stderr.on('data', (text: Buffer) => output.push(text.toString()));
  const exit = once(child, 'exit') as Promise<[number | null]>;
  return { child, exit, output: () => output.join('') };
}

async function newestMail(): Promise<string> {
  const folder = join(dataDir, 'mail');
  const names = await readdir(folder);
  return readFile(join(folder, names.sort().at(-1) ?? ''), 'utf8');
}

async function ready(child: ChildProcess): Promise<void> {
  await eventually(async () => {
    expect(child.exitCode).toBeNull();
    expect((await request(`${url()}/health/ready`)).statusCode).toBe(200);
  }, START_MS).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
}

describe('npm start', () => {
  it(
    'gives a seeded shop, stops at a signal, and has everything again after a restart',
    async () => {
      const first = start();
      await ready(first.child);
      const { variant } = await client().variant({ sku: 'DEMO-LAST-ONE' });
      expect(variant).toMatchObject({ price: { amount: '65.00' }, availability: { inStock: true, quantity: 1 } });
      expect((await client().products({ first: 100 })).products.edges).toHaveLength(50);
      const { cartCreate } = await client().cartCreate({ input: { lines: [{ sku: 'DEMO-LAST-ONE', quantity: 1 }] } });
      const [id, token] = [cartCreate.cart?.id ?? '', cartCreate.token];
      await client().register({
        input: { email: 'ada@example.org', name: 'Ada', password: 'Twelve-and-more-4-tests' },
      });
      await eventually(async () => expect(await newestMail()).toContain(`http://localhost:${port}/verify-email?`));
      await eventually(() => expect(first.output()).toContain('admin@shopgraph.test'));
      // Ten times what production allows.
      expect(first.output()).toContain('1000 requests in 900 s an address, 10000 requests in 900 s a user');

      first.child.kill('SIGINT');
      expect(await first.exit).toEqual([0, null]);

      const second = start();
      await ready(second.child);
      expect((await client().products({ first: 100 })).products.edges).toHaveLength(50);
      expect((await client().cart({ id, token })).cart).toMatchObject({ id, lines: [{ sku: 'DEMO-LAST-ONE' }] });
      // Killed without a warning, it loses nothing either.
      second.child.kill('SIGKILL');
      await second.exit;

      const third = run('npm', ['start', '--', '--no-seed']);
      await ready(third.child);
      expect((await client().cart({ id, token })).cart).toMatchObject({ id });
      // A signal to npm alone, as a supervisor sends it, stops the shop too, and it lets its data go.
      third.child.kill('SIGTERM');
      await third.exit;
      await eventually(() => expect(request(`${url()}/health/live`)).rejects.toThrow('ECONNREFUSED'));
      await eventually(() => expect(readdir(join(dataDir, 'mongo'))).resolves.not.toContain('lock'));

      const fresh = start('--fresh', '--no-seed');
      await ready(fresh.child);
      expect((await client().products({ first: 100 })).products.edges).toEqual([]);
      fresh.child.kill('SIGTERM');
      await fresh.exit;
    },
    4 * START_MS,
  );

  it(
    'says which port is taken, and exits with 1',
    async () => {
      const squatter = createServer().listen(port + 2, '0.0.0.0');
      await once(squatter, 'listening');
      const { exit, output } = start('--no-seed');
      expect(await exit).toEqual([1, null]);
      expect(output()).toContain(`Port ${port + 2} is taken`);
      squatter.close();
    },
    START_MS,
  );

  it(
    'names every problem of its command line and its environment before it touches anything, and exits with 1',
    async () => {
      const misspelt = start('--frehs');
      expect(await misspelt.exit).toEqual([1, null]);
      expect(misspelt.output()).toContain("Unknown option '--frehs'");
      expect(misspelt.output()).toContain('--fresh    removes');

      const wrong = { RATE_LIMIT_ANONYMOUS: 'x', BCRYPT_COST: 'high', DEFAULT_CURRENCY: 'euro', SIGNING_KEYS: '' };
      const { exit, output } = startWith({ ...wrong, DATA_DIR: join(dataDir, 'never') });
      expect(await exit).toEqual([1, null]);
      for (const variable of ['RATE_LIMIT_ANONYMOUS', 'BCRYPT_COST', 'DEFAULT_CURRENCY']) {
        expect(output().split(`→ at ${variable}\n`)).toHaveLength(2);
      }
      expect(output()).not.toContain('SIGNING_KEYS');
      expect(existsSync(join(dataDir, 'never'))).toBe(false);
    },
    START_MS,
  );

  it(
    'does not begin anew under a shop that runs',
    async () => {
      const running = start('--no-seed');
      await ready(running.child);
      const fresh = start('--fresh', '--no-seed');
      expect(await fresh.exit).toEqual([1, null]);
      expect(fresh.output()).toContain('is in use by process');
      expect(existsSync(join(dataDir, 'mongo/documents.log'))).toBe(true);
      running.child.kill('SIGTERM');
      await running.exit;
    },
    2 * START_MS,
  );
});
