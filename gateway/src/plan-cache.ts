import type { GatewayConfig } from '@apollo/gateway';

type PlanStore = NonNullable<NonNullable<GatewayConfig['queryPlannerConfig']>['cache']>;
type Plan = Parameters<PlanStore['set']>[1];

/** The query plans that were used last, at most `size`; says of every look-up whether it was a hit. */
export class PlanCache implements PlanStore {
  private readonly plans = new Map<string, Plan>();

  constructor(
    private readonly size: number,
    private readonly onLookup: (isHit: boolean) => void,
  ) {}

  async get(key: string): Promise<Plan | undefined> {
    const plan = this.plans.get(key);
    this.onLookup(plan !== undefined);
    if (plan === undefined) return undefined;
    // Moves it to the end of the map's order, away from what is dropped.
    this.plans.delete(key);
    this.plans.set(key, plan);
    return plan;
  }

  async set(key: string, plan: Plan): Promise<void> {
    this.plans.set(key, plan);
    if (this.plans.size <= this.size) return;
    for (const oldest of this.plans.keys()) {
      this.plans.delete(oldest);
      break;
    }
  }

  async delete(key: string): Promise<boolean> {
    return this.plans.delete(key);
  }

  clear(): void {
    this.plans.clear();
  }
}
