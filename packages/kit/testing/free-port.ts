import { once } from 'node:events';
import { createServer } from 'node:net';
import { operationsPortOf } from '../src/config';

/** A port that is free, and so is that of health and metrics beside it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await listenAndClose(0);
    const operationsPort = operationsPortOf(port);
    if (operationsPort < 65_536 && (await listenAndClose(operationsPort).catch(() => null)) !== null) return port;
  }
}

/** @throws Error when the port is taken. */
async function listenAndClose(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || !address) throw new Error('there is no port');
  return address.port;
}
