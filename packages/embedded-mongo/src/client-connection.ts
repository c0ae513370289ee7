import type { Socket } from 'node:net';
import type { ClientConnection } from './commands/command';
import type { Dispatcher } from './commands/dispatcher';
import { MessageFraming } from './wire/framing';
import { parseMessage, type RequestMessage } from './wire/message';
import { replyHeader } from './wire/reply';

/** Answers the messages of one socket until it closes. What is no message closes it. */
export class SocketConnection implements ClientConnection {
  private readonly framing = new MessageFraming();

  constructor(
    readonly id: number,
    private readonly socket: Socket,
    private readonly dispatcher: Dispatcher,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.receive(bytes));
    // The close that follows says everything.
    socket.on('error', () => undefined);
  }

  get isClosed(): boolean {
    return this.socket.destroyed;
  }

  get serverAddress(): string {
    const { localAddress = '', localPort = 0 } = this.socket;
    const host = localAddress.replace(/^::ffff:/, '');
    return `${host.includes(':') ? `[${host}]` : host}:${localPort}`;
  }

  onClose(listener: () => void): () => void {
    this.socket.once('close', listener);
    return () => this.socket.off('close', listener);
  }

  private receive(bytes: Buffer): void {
    try {
      for (const message of this.framing.add(bytes)) {
        this.answer(parseMessage(message)).catch(() => this.socket.destroy());
      }
    } catch {
      this.socket.destroy();
    }
  }

  private async answer({ requestId, command, isLegacy, wantsReply }: RequestMessage): Promise<void> {
    const body = await this.dispatcher.replyTo(command, this);
    if (!wantsReply || this.socket.destroyed) return;
    this.socket.cork();
    this.socket.write(replyHeader(requestId, isLegacy, body.length));
    this.socket.write(body);
    this.socket.uncork();
  }
}
