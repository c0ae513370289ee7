import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { freePort } from '@shopgraph/kit/testing';
import { graphql, parse } from 'graphql';
import { request } from 'undici';
import { compose } from './start-gateway';
import { FEDERATION } from './start-subgraph';

const ROOT = join(__dirname, '../..');

/** A subgraph of somebody else: it asks for no signature. */
async function startForeignSubgraph() {
  const typeDefs = parse(`${FEDERATION} type Query { rockets: [Rocket!]! } type Rocket { name: String! stages: Int }`);
  const rockets = () => [{ name: 'Ariane', stages: 2 }];
  const schema = buildSubgraphSchema({ typeDefs, resolvers: { Query: { rockets } } });
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
    response.end(JSON.stringify(await graphql({ schema, source: query, variableValues: variables })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { name: 'rockets', typeDefs, url, stop };
}

/** The command as people type it, without their environment. */
function run(...args: string[]): ChildProcess {
  const tsx = join(ROOT, 'node_modules/.bin/tsx');
  return spawn(tsx, ['--conditions=@shopgraph/source', 'gateway/src/main.ts', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOST: '127.0.0.1' },
  });
}

async function outputOf(child: ChildProcess) {
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  return { ...output, code };
}

describe('the open gateway', () => {
  let directory: string;
  let origin: string;
  let gateway: ChildProcess;
  let subgraph: Awaited<ReturnType<typeof startForeignSubgraph>>;
  let ended: ReturnType<typeof outputOf>;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'open-'));
    subgraph = await startForeignSubgraph();
    const path = join(directory, 'supergraph.graphql');
    await writeFile(path, compose([subgraph]));
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    gateway = run('--supergraph', path, '--port', String(port), '--open');
    ended = outputOf(gateway);
    await until(async () => (await request(`${origin}/health/ready`)).statusCode === 200);
  });
  afterAll(async () => {
    gateway.kill();
    subgraph.stop();
    await rm(directory, { recursive: true });
  });

  const post = async (query: string) => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer of-another-world' };
    const { body } = await request(`${origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return body.json();
  };

  it('serves a graph that is not the shop, as often as one likes', async () => {
    const answers = await Promise.all(Array.from({ length: 150 }, () => post('{ rockets { name stages } }')));
    expect(answers).toEqual(Array(150).fill({ data: { rockets: [{ name: 'Ariane', stages: 2 }] } }));
  });

  it('accepts what the shop would find too large', async () => {
    const aliases = Array.from({ length: 200 }, (_, index) => `a${index}: rockets { name }`);
    expect(Object.keys(((await post(`{ ${aliases.join(' ')} }`)) as { data: object }).data)).toHaveLength(200);
  });

  it('shows its schema and the explorer', async () => {
    expect(await post('{ __type(name: "Rocket") { fields { name } } }')).toEqual({
      data: { __type: { fields: [{ name: 'name' }, { name: 'stages' }] } },
    });
    const { statusCode, body } = await request(`${origin}/graphql`, { headers: { accept: 'text/html' } });
    expect([statusCode, await body.text()]).toEqual([200, expect.stringContaining('EmbeddedSandbox')]);
  });

  it('ends when it is told to', async () => {
    gateway.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });
});

describe('the command', () => {
  it('explains itself', async () => {
    const { stdout, code } = await outputOf(run('--help'));
    expect([stdout, code]).toEqual([expect.stringContaining('--supergraph FILE'), 0]);
  });

  it('refuses what it does not know', async () => {
    const { stderr, code } = await outputOf(run('--opne'));
    expect([stderr, code]).toEqual([expect.stringContaining("Unknown option '--opne'"), 1]);
  });

  it('names what is missing for the shop', async () => {
    const { stderr, code } = await outputOf(run());
    expect([stderr, code]).toEqual([expect.stringContaining('SIGNING_KEYS'), 1]);
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 50));
}
