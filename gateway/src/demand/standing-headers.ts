import type { Standing } from './demand-control';

/** The headers that tell callers where they stand, as in draft-ietf-httpapi-ratelimit-headers-06, in cost. */
export function standingHeaders({ maximum, remaining, restoreRate }: Standing): [string, string][] {
  return [
    ['ratelimit-limit', String(maximum)],
    ['ratelimit-remaining', String(remaining)],
    ['ratelimit-reset', String(Math.ceil((maximum - remaining) / restoreRate))],
  ];
}
