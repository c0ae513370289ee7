import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { ObjectId } from 'bson';
import { SocketConnection } from './client-connection';
import { Cursors } from './commands/cursors';
import { Dispatcher } from './commands/dispatcher';
import { Sessions } from './commands/sessions';
import { refuseProduction } from './config';
import { Expiry } from './storage/expiry';
import { Store } from './storage/store';

/** How an embedded server runs. */
export interface EmbeddedMongoOptions {
  /** The address to listen on; 127.0.0.1 unless given. */
  readonly host?: string;
  /** 0, which is also the default, takes a free port. */
  readonly port?: number;
  /** Where the documents are kept; without it they end with the server. */
  readonly dataDir?: string;
  /** Whether every write waits for the disk. Without it writes survive a killed process, but not a power failure. */
  readonly fsync?: boolean;
}

/**
 * A stand-in for MongoDB 7.0 in development and tests, which speaks its wire protocol. Several may run in one process.
 */
export class EmbeddedMongo {
  private readonly sockets = new Set<Socket>();
  private connections = 0;

  private constructor(
    /** For drivers: `mongodb://127.0.0.1:PORT/`. */
    readonly uri: string,
    private readonly listener: Server,
    private readonly store: Store,
    private readonly expiry: Expiry,
    private readonly sessions: Sessions,
  ) {}

  /**
   * Starts a server, which answers when the promise resolves.
   * @throws Error in production without ALLOW_EMBEDDED=1, when the port is taken or the data directory in use.
   */
  static async start({
    host = '127.0.0.1',
    port = 0,
    dataDir,
    fsync = false,
  }: EmbeddedMongoOptions = {}): Promise<EmbeddedMongo> {
    refuseProduction();
    const listener = createServer();
    listener.listen(port, host);
    await once(listener, 'listening');
    try {
      return EmbeddedMongo.serve(listener, host, new Store({ directory: dataDir, fsync }));
    } catch (error) {
      listener.close();
      throw error;
    }
  }

  /** Ends all connections, flushes the log and closes it. */
  async stop(): Promise<void> {
    const closed = once(this.listener, 'close');
    this.listener.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
    this.expiry.stop();
    this.sessions.endAll();
    this.store.close();
  }

  private static serve(listener: Server, host: string, store: Store): EmbeddedMongo {
    const address = `${host}:${(listener.address() as AddressInfo).port}`;
    const sessions = new Sessions(store);
    const server = new EmbeddedMongo(`mongodb://${address}/`, listener, store, new Expiry(store), sessions);
    const dispatcher = new Dispatcher({
      store,
      sessions,
      address,
      cursors: new Cursors(),
      startedAt: new Date(),
      electionId: new ObjectId(),
      commandCounts: new Map(),
      connectionCount: () => server.sockets.size,
    });
    listener.on('connection', (socket) => server.accept(socket, dispatcher));
    return server;
  }

  private accept(socket: Socket, dispatcher: Dispatcher): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    new SocketConnection(++this.connections, socket, dispatcher);
  }
}
