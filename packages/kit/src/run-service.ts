import type { Logger } from 'pino';
import type { z } from 'zod';
import { systemClock, type Clock } from './clock';
import { type busGroup, type mongoGroup, operationsPortOf, type processGroup, type redisGroup } from './config';
import { type IdGenerator, typeIds } from './ids';
import { createLogger } from './logger';
import type { Service } from './service';
import { closeOnSignal } from './shutdown';
import { openStores, type Stores } from './stores';

type ServiceConfig = z.output<typeof processGroup> &
  z.output<typeof mongoGroup> &
  Partial<z.output<typeof redisGroup>> &
  z.output<typeof busGroup>;

interface RunOptions<Config extends ServiceConfig> {
  readonly name: string;
  readonly loadConfig: () => Config;
  readonly port: (config: Config) => number;
  readonly build: (config: Config, deps: Omit<Stores, 'close'> & RuntimeDependencies) => Promise<Service>;
}

interface RuntimeDependencies {
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly logger: Logger;
}

/** Runs one subgraph as a process of its own, until a signal ends it; exits with 1 when it cannot start. */
export async function runService<Config extends ServiceConfig>(options: RunOptions<Config>): Promise<void> {
  try {
    const config = options.loadConfig();
    const logger = createLogger({ service: options.name, version: config.SERVICE_VERSION, level: config.LOG_LEVEL });
    const { close: closeStores, ...stores } = await openStores(config, { service: options.name, logger });
    const service = await options.build(config, { ...stores, clock: systemClock, ids: typeIds, logger });
    const port = options.port(config);
    const origins = await service.listen({ host: config.HOST, port, operationsPort: operationsPortOf(port) });
    logger.info(origins, 'listening');

    const close = async (): Promise<void> => {
      await service.close();
      await closeStores();
    };
    closeOnSignal(close, config.SHUTDOWN_GRACE_MS, logger);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
