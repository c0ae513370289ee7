import { type Clock, countedAddress, type RedisWithFallback, type Viewer } from '@shopgraph/kit';
import type { GatewayContext } from '../context';
import { type Budget, LeakyBuckets } from './leaky-bucket';

/** Kinds of callers that have budgets of their own. */
export type Tier = 'anonymous' | 'user' | 'api-key';

/** What one caller of each kind may spend. */
export type Budgets = Readonly<Record<Tier, Budget>>;

/** Who asks, as far as budgets care. */
export type Caller = Pick<GatewayContext, 'viewer'> & { readonly client: { readonly ip: string } };

/** A caller's budget and the name that it is kept by. */
export interface Account {
  readonly tier: Tier;
  readonly name: string;
  readonly buckets: LeakyBuckets;
}

interface AccountsOptions {
  /** Null where nothing is counted. */
  readonly budgets: Budgets | null;
  /** Null for a gateway that is alone. */
  readonly redis: RedisWithFallback | null;
  readonly clock: Clock;
}

/** Finds the budget of a caller: a user's, an API key's, or that of the address of somebody who is not known. */
export class Accounts {
  private readonly buckets: Readonly<Record<Tier, LeakyBuckets>> | null;

  constructor({ budgets, redis, clock }: AccountsOptions) {
    this.buckets = budgets && {
      anonymous: new LeakyBuckets(budgets.anonymous, { redis, clock }),
      user: new LeakyBuckets(budgets.user, { redis, clock }),
      'api-key': new LeakyBuckets(budgets['api-key'], { redis, clock }),
    };
  }

  /** Null where nothing is counted. */
  of({ viewer, client }: Caller): Account | null {
    if (!this.buckets) return null;
    const tier = tierOf(viewer);
    const id = 'permissions' in viewer ? viewer.id : countedAddress(client.ip);
    return { tier, name: `budget:${tier}:${id}`, buckets: this.buckets[tier] };
  }
}

/** The kind of caller that somebody is. */
export function tierOf({ kind }: Viewer): Tier {
  // Services do not come through the gateway.
  return kind === 'user' || kind === 'api-key' ? kind : 'anonymous';
}
