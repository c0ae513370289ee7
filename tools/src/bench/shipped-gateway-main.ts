import { buildGateway, type gatewayPermissions, loadConfig } from '@shopgraph/gateway';
import { allow, closeOnSignal, connectRedis, createLogger, systemClock } from '@shopgraph/kit';
import { Kind, parse } from 'graphql';
import { benchGraph } from './bench-graph';

const HOST = '127.0.0.1';

/** Every field of the bench graph has a rule, as in the shop; here all of them let everybody pass. */
const permissions: typeof gatewayPermissions = () => {
  const types = benchGraph
    .flatMap(({ typeDefs }) => parse(typeDefs).definitions)
    .filter((definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION)
    .map(({ name, fields = [] }) => ({ type: name.value, fields: fields.map((field) => field.name.value) }));
  const roots = types.filter(({ type }) => type === 'Query').flatMap(({ fields }) => fields);
  return {
    ...Object.fromEntries(types.map(({ type }) => [type, allow])),
    Query: Object.fromEntries(roots.map((field) => [field, allow])),
  };
};

/** The gateway as the shop runs it, with everything on, before the bench graph. Its settings are the environment's. */
async function main(port: number): Promise<void> {
  const config = loadConfig();
  const logger = createLogger({ service: 'gateway', version: config.SERVICE_VERSION, level: config.LOG_LEVEL });
  const redis = await connectRedis(config.REDIS_URL);
  const service = await buildGateway(config, { redis, permissions, clock: systemClock, logger });
  await service.listen({ host: HOST, port, operationsPort: 0 });
  closeOnSignal(() => service.close(), config.SHUTDOWN_GRACE_MS, logger);
}

const [, , port = ''] = process.argv;
main(Number(port)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
