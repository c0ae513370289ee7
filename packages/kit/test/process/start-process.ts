import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PACKAGE = join(__dirname, '../..');

interface TestProcess {
  readonly process: ChildProcess;
  /** What it has written so far. */
  readonly output: { stdout: string; stderr: string };
  /** Resolves to its exit code; null when a signal has killed it. */
  readonly exited: Promise<number | null>;
}

/** Runs a file of this folder in a process with this environment and nothing else. */
export function startProcess(file: string, environment: Readonly<Record<string, string>>): TestProcess {
  // Not through npx or the shell: signals have to reach the service itself.
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=@shopgraph/source', join(__dirname, file)], {
    cwd: PACKAGE,
    env: { PATH: process.env.PATH, TSX_TSCONFIG_PATH: join(PACKAGE, 'tsconfig.json'), ...environment },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return { process: child, output, exited };
}
