import { buildGateway, loadConfig } from '@shopgraph/gateway';
import { closeOnSignal, connectRedis, createLogger, systemClock } from '@shopgraph/kit';
import { graphNamed } from './measured-graphs';

const HOST = '127.0.0.1';

/** The gateway as the shop runs it, with everything on, before a graph of the bench. Its settings are the environment's. */
async function main(graph: string, port: number): Promise<void> {
  const config = loadConfig();
  const logger = createLogger({ service: 'gateway', version: config.SERVICE_VERSION, level: config.LOG_LEVEL });
  const redis = await connectRedis(config.REDIS_URL);
  const { permissions } = graphNamed(graph);
  const service = await buildGateway(config, { redis, permissions, clock: systemClock, logger });
  await service.listen({ host: HOST, port, operationsPort: 0 });
  closeOnSignal(() => service.close(), config.SHUTDOWN_GRACE_MS, logger);
}

const [, , graph = '', port = ''] = process.argv;
main(graph, Number(port)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
