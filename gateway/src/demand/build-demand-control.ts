import type { ApolloServerPlugin } from '@apollo/server';
import type { Clock, RedisWithFallback } from '@shopgraph/kit';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Gateway } from '../access/guarded-gateway';
import type { Config } from '../config';
import type { GatewayContext } from '../context';
import { Accounts } from './budgets';
import { weighOperations } from './cost-plugin';
import { DemandControl } from './demand-control';
import { createDemandMetrics } from './demand-metrics';
import { countsByCost, demandSettings } from './demand-settings';
import { ExhaustedCallers } from './exhausted-callers';
import { limitByBudgets } from './http-budgets';

interface DemandDependencies {
  readonly redis: RedisWithFallback;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly logger: Logger;
}

/** What demand control adds to a gateway. */
interface InstalledDemandControl {
  readonly plugins: readonly ApolloServerPlugin<GatewayContext>[];
  /** Reads what each version of a graph says of costs, from a gateway that is not loaded yet. */
  readonly follow: (gateway: Gateway) => void;
  /** Adds what is done about a request before it is GraphQL; after its viewer is known. */
  readonly limitRequests: (app: FastifyInstance) => void;
}

/** Demand control for all variants of a graph; null where it is switched off. */
export function buildDemandControl(
  config: Config,
  { redis, clock, registry, logger }: DemandDependencies,
): InstalledDemandControl | null {
  const settings = demandSettings(config, logger);
  if (!settings) return null;
  // An embedded Redis is in this process only, and slow at scripts.
  const shared = config.REDIS_URL === undefined ? null : redis;
  const accounts = new Accounts({ budgets: settings.budgets, redis: shared, clock });
  const exhausted = new ExhaustedCallers(clock);
  const metrics = createDemandMetrics(registry);
  const control = new DemandControl({ ...settings, accounts, exhausted, metrics, logger });
  return {
    plugins: [weighOperations({ control, countsByCost: countsByCost(config) })],
    follow(gateway) {
      gateway.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => {
        control.takeOver(apiSchema, coreSupergraphSdl);
      });
    },
    limitRequests(app) {
      if (countsByCost(config)) limitByBudgets(app, { accounts, exhausted, control, metrics });
    },
  };
}
