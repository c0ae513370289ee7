import type { Logger } from 'pino';
import type { Config } from './config';
import type { Rate } from './config-values';
import { countsByCost } from './demand/demand-settings';
import type { HttpRates } from './http-limits';

const PRODUCTION = {
  anonymous: { count: 100, seconds: 900 },
  user: { count: 1_000, seconds: 900 },
  apiKey: { count: 1_000, seconds: 900 },
} as const satisfies HttpRates;

/** Developers reload more often than customers do. */
const DEVELOPMENT_FACTOR = 10;

/** The rates that hold; null where the limits are switched off. */
export function ratesOf(config: Config): HttpRates | null {
  if (config.RATE_LIMITS === 'off') return null;
  const factor = config.NODE_ENV === 'production' ? 1 : DEVELOPMENT_FACTOR;
  // Those who are known pay by cost; who sets a limit on their requests has it beside.
  const known = (rate: Rate) => (countsByCost(config) ? null : times(rate, factor));
  return {
    anonymous: config.RATE_LIMIT_ANONYMOUS ?? times(PRODUCTION.anonymous, factor),
    user: config.RATE_LIMIT_USER ?? known(PRODUCTION.user),
    apiKey: config.RATE_LIMIT_API_KEY ?? known(PRODUCTION.apiKey),
  };
}

/** As `ratesOf`, said in the log once. */
export function httpRates(config: Config, logger: Logger): HttpRates | null {
  const rates = ratesOf(config);
  if (rates) {
    const { anonymous, user, apiKey } = rates;
    const limits = { perAddress: written(anonymous), perUser: written(user), perApiKey: written(apiKey) };
    logger.info(limits, 'requests are limited');
  } else {
    logger.warn('rate limits are off');
  }
  return rates;
}

function times({ count, seconds }: Rate, factor: number): Rate {
  return { count: count * factor, seconds };
}

function written(rate: Rate | null): string {
  return rate ? `${rate.count}/${rate.seconds}s` : 'not counted';
}
