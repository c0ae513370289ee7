import type { IncomingMessage } from 'node:http';
import { CloseCode, type Server } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { SocketState } from './socket-protocol';

/** Answers that a client has not read: whoever asks for more than that is no client. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

interface SocketConnectionOptions {
  readonly protocol: Server<SocketState>;
  /** Milliseconds between two pings; a socket that has not answered the one before is dead. */
  readonly keepAliveMs: number;
  readonly logger: Logger;
}

/** Has a socket speak the protocol, until it closes. */
export function serveSocket(
  socket: WebSocket,
  request: IncomingMessage,
  ip: string,
  { protocol, keepAliveMs, logger }: SocketConnectionOptions,
): void {
  let isAlive = true;
  const timer = setInterval(() => {
    if (!isAlive) return void socket.terminate();
    isAlive = false;
    socket.ping();
  }, keepAliveMs);
  timer.unref();
  socket.on('pong', () => (isAlive = true));
  // Broken frames and messages that are too large: ws closes the socket with the code for it.
  socket.on('error', (err) => logger.info({ err }, 'a socket has failed'));

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) =>
        new Promise((resolve) => {
          if (socket.readyState !== socket.OPEN) return void resolve();
          // One that fails closes the socket, which ends what was asked for.
          socket.send(text, () => resolve());
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage(receive) {
        socket.on('message', (message) => {
          if (socket.bufferedAmount > MAX_UNREAD_BYTES) return void socket.terminate();
          receive((message as Buffer).toString()).catch((err: unknown) => {
            logger.error({ err }, 'unexpected error');
            socket.close(CloseCode.InternalServerError, 'Internal server error');
          });
        });
      },
    },
    { socket, request, ip, session: null },
  );
  socket.once('close', (code, reason) => {
    clearInterval(timer);
    void closed(code, String(reason));
  });
}
