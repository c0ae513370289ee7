import { type Clock, DomainError, type Viewer } from '@shopgraph/kit';
import { endOf } from './subscription-end';

/** How long a session goes on while nobody can tell whether it has ended: keys or users are away. */
const UNCONFIRMED_MS = 60_000;

interface ClientSessionOptions {
  readonly viewer: Viewer;
  /** Asks again who it is. @throws DomainError as at the beginning. */
  readonly authenticate: () => Promise<Viewer>;
  /** Milliseconds between two looks whether it has ended. */
  readonly checkMs: number;
  readonly clock: Clock;
}

/**
 * Who subscribes, for as long as that holds: the credential is checked again for every event, and at intervals. The end
 * of a token, of its session or of an API key is the end of what was subscribed to with it.
 */
export class ClientSession {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private known: Viewer;
  private confirmedAt: Date;

  constructor(private readonly options: ClientSessionOptions) {
    this.known = options.viewer;
    this.confirmedAt = options.clock.now();
    this.timer = setInterval(() => void this.confirm().catch(() => undefined), options.checkMs).unref();
  }

  get viewer(): Viewer {
    return this.known;
  }

  /** Aborts, with a SubscriptionEnd, when it has ended. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Who it is now. @throws SubscriptionEnd when it has ended. */
  async confirm(): Promise<Viewer> {
    const { authenticate, clock } = this.options;
    this.signal.throwIfAborted();
    try {
      this.known = await authenticate();
      this.confirmedAt = clock.now();
    } catch (cause) {
      const isUnknown = cause instanceof DomainError && cause.code === 'UNAVAILABLE';
      const isOld = clock.now().getTime() - this.confirmedAt.getTime() > UNCONFIRMED_MS;
      if (!isUnknown || isOld) this.end(cause);
      this.signal.throwIfAborted();
    }
    return this.known;
  }

  /** Looks no more. */
  close(): void {
    clearInterval(this.timer);
  }

  private end(cause: unknown): void {
    this.close();
    this.controller.abort(endOf('session', cause));
  }
}
