import type { Logger } from 'pino';
import type { Config } from '../config';
import type { Budgets } from './budgets';
import type { Budget } from './leaky-bucket';

/** How demand control is set. */
export interface DemandSettings {
  /** Whether operations are refused, or only counted. */
  readonly isEnforced: boolean;
  readonly maxOperationCost: number;
  readonly defaultListSize: number;
  /** Null where nothing is counted. */
  readonly budgets: Budgets | null;
}

/** Whether callers who are known are counted by what their operations cost, instead of by requests. */
export function countsByCost(config: Config): boolean {
  return config.RATE_LIMITS === 'on' && modeOf(config) === 'enforce';
}

/** The settings that hold, said in the log once; null where demand control is off. */
export function demandSettings(config: Config, logger: Logger): DemandSettings | null {
  const mode = modeOf(config);
  if (mode === 'off') return null;
  const { MAX_OPERATION_COST: maxOperationCost, COST_LIST_SIZE: defaultListSize } = config;
  const budgets: Budgets | null =
    config.RATE_LIMITS === 'off'
      ? null
      : {
          anonymous: config.COST_BUDGET_ANONYMOUS,
          user: config.COST_BUDGET_USER,
          'api-key': config.COST_BUDGET_API_KEY,
        };
  const written = budgets && {
    perAddress: textOf(budgets.anonymous),
    perUser: textOf(budgets.user),
    perApiKey: textOf(budgets['api-key']),
  };
  logger.info({ mode, maxOperationCost, ...written }, 'operations are weighed');
  return { isEnforced: mode === 'enforce', maxOperationCost, defaultListSize, budgets };
}

function modeOf({ DEMAND_CONTROL, NODE_ENV }: Config): 'off' | 'measure' | 'enforce' {
  return DEMAND_CONTROL ?? (NODE_ENV === 'production' ? 'enforce' : 'measure');
}

function textOf({ size, restoreRate }: Budget): string {
  return `${size}, ${restoreRate}/s`;
}
