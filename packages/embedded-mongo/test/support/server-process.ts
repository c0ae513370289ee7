import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const MAIN = path.join(__dirname, '../../src/main.ts');

/** A server in a process of its own, on a free port. */
export interface ServerProcess {
  readonly process: ChildProcess;
  readonly uri: string;
}

/** Starts the server as `npm run mongo` does. */
export async function startServerProcess(...options: readonly string[]): Promise<ServerProcess> {
  const command = ['--import', 'tsx', '--conditions=@shopgraph/source', MAIN, '--port', '0', ...options];
  const server = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [uri] = (await once(createInterface(server.stdout), 'line')) as [string];
  return { process: server, uri };
}
