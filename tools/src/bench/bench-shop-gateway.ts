import { buildGateway, gatewayPermissions, loadConfig } from '@shopgraph/gateway';
import { connectRedis, type Service, systemClock } from '@shopgraph/kit';
import { pino } from 'pino';

interface BenchGateway {
  readonly service: Service;
  readonly stop: () => Promise<void>;
}

interface BenchGatewayOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly permissions?: typeof gatewayPermissions;
  /** Told the messages of the gateway's log. */
  readonly onLog?: (message: string) => void;
}

/** The shop's gateway in this process, without limits on how often something is asked. */
export async function startBenchGateway(options: BenchGatewayOptions): Promise<BenchGateway> {
  const { environment, permissions = gatewayPermissions, onLog = () => undefined } = options;
  const config = loadConfig({
    NODE_ENV: 'development',
    SIGNING_KEYS: `bench:${'b'.repeat(32)}`,
    RATE_LIMITS: 'off',
    ...environment,
  });
  const redis = await connectRedis(undefined);
  const stream = { write: (line: string) => onLog(String((JSON.parse(line) as { msg?: unknown }).msg)) };
  const logger = pino({ level: 'info' }, stream);
  const service = await buildGateway(config, { redis, permissions, clock: systemClock, logger });
  return {
    service,
    async stop(): Promise<void> {
      await service.close();
      redis.disconnect();
    },
  };
}
