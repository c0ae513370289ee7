import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

const START_MS = 60_000;
const STOP_MS = 5_000;

/** The flags that our gateway is started with by `npm start`, `npm run gateway` and the image. */
export const OUR_FLAGS = ['--max-semi-space-size=64'];

/** A process that a bench measures or needs. */
export interface BenchProcess {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

interface BenchProcessOptions {
  /** A TypeScript file, or one that is built already. What it imports of the workspace is built. */
  readonly file: string;
  readonly args: readonly string[];
  readonly port: number;
  /** Of Node.js. */
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a program; resolves when it answers GraphQL at its port. */
export async function startBenchProcess(options: BenchProcessOptions): Promise<BenchProcess> {
  const { file, args, port, flags = [], environment = {} } = options;
  const child = spawn(
    process.execPath,
    [...flags, ...(file.endsWith('.ts') ? ['--import', 'tsx'] : []), file, ...args],
    {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        APOLLO_TELEMETRY_DISABLED: 'true',
        LOG_LEVEL: 'silent',
        ALLOW_EMBEDDED: '1',
        ...environment,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const exit = once(child, 'exit');
  const url = `http://127.0.0.1:${port}/graphql`;
  const stop = async (): Promise<void> => {
    child.kill();
    // Some wait for connections that nobody closes.
    const last = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await exit;
    clearTimeout(last);
  };
  for (const start = Date.now(); !(await answers(url));) {
    if (child.exitCode !== null || Date.now() - start > START_MS) {
      await stop();
      throw new Error(`${file} ${args.join(' ')} did not start`);
    }
    await sleep(100);
  }
  return { url, pid: child.pid ?? 0, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    await response.body.dump();
    return response.statusCode === 200;
  } catch {
    return false;
  }
}
