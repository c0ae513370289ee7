import { benchLogins } from './login-bench';
import { benchTokens } from './token-bench';

interface Goal {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

interface AuthBenchOptions {
  readonly seconds: number;
  readonly tell: (line: string) => void;
}

/**
 * Measures what signing in costs others, and how fast the gateway believes access tokens. Passwords are hashed with
 * as much work as in production. Answers whether every goal was reached.
 */
export async function benchAuth({ seconds, tell }: AuthBenchOptions): Promise<boolean> {
  const tokens = await benchTokens();
  const logins = await benchLogins(seconds);
  const rows: readonly Goal[] = [
    { what: 'logins, as many as it takes', value: logins.loginsPerSecond, unit: '/s' },
    { what: 'another query, p99, while nobody signs in', value: logins.quietP99, unit: 'ms' },
    { what: 'another query, p99, during these logins', value: logins.busyP99, unit: 'ms', atMost: 100 },
    { what: 'access tokens, new ones, on one core', value: tokens.uncachedPerSecond, unit: '/s', atLeast: 5_000 },
    { what: 'access tokens, known ones, on one core', value: tokens.cachedPerSecond, unit: '/s', atLeast: 20_000 },
  ];
  tell('| what | measured | goal | |\n|---|---|---|---|');
  for (const row of rows) tell(tableRow(row));
  return rows.every(isReached);
}

function tableRow(goal: Goal): string {
  const { what, value, unit, atMost, atLeast } = goal;
  const measured = `${value.toFixed(value < 20 ? 1 : 0)} ${unit}`;
  if (atMost === undefined && atLeast === undefined) return `| ${what} | ${measured} | | |`;
  const wanted = atMost === undefined ? `at least ${atLeast} ${unit}` : `at most ${atMost} ${unit}`;
  return `| ${what} | ${measured} | ${wanted} | ${isReached(goal) ? 'reached' : 'MISSED'} |`;
}

function isReached({ value, atMost = Infinity, atLeast = 0 }: Goal): boolean {
  return value <= atMost && value >= atLeast;
}
