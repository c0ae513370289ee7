import type { Background, Clock } from '@shopgraph/kit';
import type { Logger } from 'pino';
import type { ApiKey } from './api-key';
import type { ApiKeyStore } from './api-key-store';

/** How exactly the last use of a key is known. */
const GRAIN_MS = 60_000;

interface Dependencies {
  readonly keys: ApiKeyStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Notes when and from where keys were last used, at most once a minute for each, while their requests go on. */
export class LastUses implements Background {
  readonly name = 'api-key-last-uses';
  /** By key id. */
  private readonly writing = new Map<string, Promise<void>>();

  constructor(private readonly deps: Dependencies) {}

  /** Notes a use of `key`, as it was just read. */
  note({ id, lastUsedAt }: ApiKey, ip: string): void {
    const at = this.deps.clock.now();
    const threshold = new Date(at.getTime() - GRAIN_MS);
    if (this.writing.has(id) || (lastUsedAt !== null && lastUsedAt > threshold)) return;
    const write = this.write(id, { at, ip }, threshold).finally(() => this.writing.delete(id));
    this.writing.set(id, write);
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    await Promise.all(this.writing.values());
  }

  private async write(id: string, use: Parameters<ApiKeyStore['noteUse']>[1], threshold: Date): Promise<void> {
    const { keys, logger } = this.deps;
    try {
      await keys.noteUse(id, use, threshold);
    } catch (err) {
      logger.error({ err, keyId: id }, 'the use of an API key could not be noted');
    }
  }
}
