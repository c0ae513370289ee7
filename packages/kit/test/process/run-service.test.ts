import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { eventually, startTestDatabase } from '../../testing';
import { startProcess } from './start-process';

const START_MS = 20_000;

let database: Awaited<ReturnType<typeof startTestDatabase>>;
let environment: Record<string, string>;
const started: ReturnType<typeof startProcess>[] = [];

beforeAll(async () => {
  database = await startTestDatabase();
  environment = {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    THINGS_PORT: '0',
    MONGODB_URI: database.uri,
    SIGNING_KEYS: `test:${'s'.repeat(32)}`,
  };
});
afterAll(async () => {
  for (const { process } of started) process.kill('SIGKILL');
  await database.stop();
});

function start(changes: Record<string, string> = {}) {
  const child = startProcess('things-main.ts', { ...environment, ...changes });
  started.push(child);
  return child;
}

/** Where a started service listens for its operations, by its log. */
async function operationsOriginOf({ output }: ReturnType<typeof startProcess>): Promise<string> {
  return eventually(() => {
    const [, origin] = /"operationsOrigin":"([^"]+)"/.exec(output.stdout) ?? [];
    if (origin === undefined) throw new Error(`it does not listen yet: ${output.stdout}${output.stderr}`);
    return origin;
  }, START_MS);
}

describe('a service that runs as a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('is ready once it listens, and ends cleanly on %s', async (signal) => {
    const service = start();
    const response = await request(`${await operationsOriginOf(service)}/health/ready`);
    expect(response.statusCode).toBe(200);
    expect(await response.body.json()).toMatchObject({ service: 'things', dependencies: { mongodb: 'ok' } });

    service.process.kill(signal);
    expect(await service.exited).toBe(0);
    expect(service.output.stderr).toBe('');
    for (const line of service.output.stdout.trim().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({ 'service.name': 'things' });
    }
  });

  it('does not start with a bad configuration, and says everything that is wrong with it', async () => {
    const service = start({ SIGNING_KEYS: 'short', THINGS_PORT: 'http', LOG_LEVEL: 'loud' });
    expect(await service.exited).toBe(1);
    expect(service.output.stderr).toContain('Bad configuration');
    for (const variable of ['SIGNING_KEYS', 'THINGS_PORT', 'LOG_LEVEL']) {
      expect(service.output.stderr).toContain(variable);
    }
    expect(service.output.stderr).not.toContain('    at ');
  });

  it('does not start on a port that is taken, and says which', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const service = start({ THINGS_PORT: String(port) });
    expect(await service.exited).toBe(1);
    expect(service.output.stderr).toContain(`address already in use 127.0.0.1:${port}`);
    await new Promise((resolve) => taken.close(resolve));
  });

  it('does not start without its database, and says so', async () => {
    const service = start({ MONGODB_URI: 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100' });
    expect(await service.exited).toBe(1);
    expect(service.output.stderr).toContain('ECONNREFUSED');
  });
});
