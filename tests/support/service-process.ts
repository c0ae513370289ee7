import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '@shopgraph/kit/testing';
import { request } from 'undici';

const ROOT = join(__dirname, '../..');

/** One service in a process of its own, that a test can kill. */
export interface ServiceProcess {
  readonly process: ChildProcess;
  /** SIGKILL, at once. */
  kill(): void;
  /** Resolves when the process is gone. */
  ended(): Promise<void>;
}

/** Starts `subgraphs/<name>` with this environment and nothing of the test's own; resolves when it is ready. */
export async function startServiceProcess(
  name: string,
  port: number,
  environment: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  const main = join(ROOT, 'subgraphs', name, 'src/main.ts');
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=@shopgraph/source', main], {
    cwd: ROOT,
    env: { PATH, ...environment, [`${name.toUpperCase()}_PORT`]: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(child, 'exit');
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`${name} exited with ${child.exitCode}`);
    const { statusCode, body } = await request(`http://127.0.0.1:${port + 100}/health/ready`);
    await body.dump();
    expect(statusCode).toBe(200);
  }, 30_000);
  return { process: child, kill: () => child.kill('SIGKILL'), ended: async () => void (await exit) };
}
