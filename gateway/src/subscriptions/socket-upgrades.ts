import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { OpenCount } from './subscription-limits';

/** How long sockets have to say goodbye when the gateway closes. */
const GOODBYE_MS = 1_000;

interface SocketUpgradesOptions {
  readonly path: string;
  /** Origins, beside the gateway's own, whose pages may connect; `*` are all. */
  readonly allowedOrigins: readonly string[] | '*';
  readonly maxMessageBytes: number;
  readonly openCount: OpenCount;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly onSocket: (socket: WebSocket, request: IncomingMessage, address: string) => void;
}

/**
 * Takes WebSockets on a server's port, at one path. Others are refused as HTTP requests would be: 404 for other paths, 403
 * for pages of other origins, 429 for too many of one address, 503 while it closes.
 */
export class SocketUpgrades {
  private readonly sockets: WebSocketServer;
  private isClosed = false;

  constructor(
    server: Server,
    private readonly options: SocketUpgradesOptions,
  ) {
    this.sockets = new WebSocketServer({
      noServer: true,
      maxPayload: options.maxMessageBytes,
      handleProtocols: (protocols) => handleProtocols(protocols),
    });
    server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  /** Tells clients that the gateway is going away, so that they come back to another one. */
  close(): void {
    this.isClosed = true;
    const { clients } = this.sockets;
    for (const socket of clients) socket.close(1001, 'Going away');
    setTimeout(() => clients.forEach((socket) => socket.terminate()), GOODBYE_MS).unref();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Without a listener it would end the process.
    socket.on('error', () => socket.destroy());
    const { path, openCount, addressOf, onSocket } = this.options;
    if (request.url?.split('?')[0] !== path) return void refuse(socket, 404);
    if (this.isClosed) return void refuse(socket, 503);
    if (!this.isAllowed(request)) return void refuse(socket, 403);
    const address = addressOf(request);
    const release = countedSocket(openCount, address);
    if (!release) return void refuse(socket, 429);
    socket.once('close', release);
    this.sockets.handleUpgrade(request, socket, head, (opened) => onSocket(opened, request, address));
  }

  /** Browsers send their page's origin and let every page connect; programs, which no page can drive, need not. */
  private isAllowed({ headers: { origin, host } }: IncomingMessage): boolean {
    const { allowedOrigins } = this.options;
    if (origin === undefined || allowedOrigins === '*' || allowedOrigins.includes(origin)) return true;
    return URL.canParse(origin) && new URL(origin).host === host;
  }
}

function countedSocket(openCount: OpenCount, address: string): (() => void) | null {
  try {
    return openCount.open({ kind: 'anonymous' }, address);
  } catch {
    return null;
  }
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
