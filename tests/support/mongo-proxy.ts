import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { mongo } from 'mongoose';

const OP_MSG = 2013;
const WRITES = ['insert', 'update', 'delete', 'findAndModify', 'commitTransaction'];

/** A write that is about to reach the server: the command and, where it has one, its collection. */
export interface ObservedWrite {
  readonly command: string;
  readonly collection: string;
}

/**
 * Stands between a service and MongoDB and shows `observe` every write before it reaches the server; a write for
 * which that answers false, and all that follows, is never passed on.
 */
export async function startMongoProxy(target: string, observe: (write: ObservedWrite) => boolean) {
  const server = new URL(target);
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connect(Number(server.port || 27017), server.hostname);
    let isCut = false;
    let received = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      while (!isCut && received.length >= 4 && received.length >= received.readInt32LE(0)) {
        const message = received.subarray(0, received.readInt32LE(0));
        received = received.subarray(message.length);
        const write = writeIn(message);
        if (write && !observe(write)) isCut = true;
        else upstream.write(message);
      }
    });
    upstream.pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const uri = new URL(target);
  uri.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  // The one server that there is behind the proxy, whatever it says that its replica set consists of.
  uri.searchParams.delete('replicaSet');
  uri.searchParams.set('directConnection', 'true');
  return {
    uri: uri.href,
    async stop(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

function writeIn(message: Buffer): ObservedWrite | null {
  if (message.readInt32LE(12) !== OP_MSG || message[20] !== 0) return null;
  const body = mongo.BSON.deserialize(message.subarray(21, 21 + message.readInt32LE(21)));
  const [command = '', collection] = Object.entries(body)[0] ?? [];
  return WRITES.includes(command) ? { command, collection: String(collection) } : null;
}
