import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a TCP server that a test can cut and mend. */
export interface CuttableProxy {
  /** The given URL, by way of the proxy. */
  readonly url: string;
  /** Breaks every connection, and all new ones at once. */
  cut(): void;
  /** Passes nothing on, and breaks nothing. */
  silence(): void;
  mend(): void;
  /** How many ends of connections are open. */
  openEnds(): number;
  stop(): Promise<void>;
}

/** Between a test and the TCP server that a URL names. */
export async function cuttableProxy(target: string): Promise<CuttableProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isCut = false;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    // Breaking them is what the proxy is for.
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const server = createServer((incoming) => {
    keep(incoming);
    if (isCut) return void incoming.destroy();
    const outgoing = keep(connect(Number(port), hostname));
    incoming.pipe(outgoing).pipe(incoming);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const breakAll = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: url.href,
    cut() {
      isCut = true;
      breakAll();
    },
    silence: () => sockets.forEach((socket) => socket.pause()),
    mend() {
      isCut = false;
      sockets.forEach((socket) => socket.resume());
    },
    openEnds: () => sockets.size,
    async stop() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
