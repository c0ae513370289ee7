import { HeaderMap } from '@apollo/server';
import { DomainError, requestFields } from '@shopgraph/kit';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context';
import { type Account, type Accounts, type Caller, tierOf } from './budgets';
import { CostEstimator, type EstimatedOperation } from './cost-estimator';
import type { DemandMetrics, RefusalReason } from './demand-metrics';
import type { ExhaustedCallers } from './exhausted-callers';

/** What every operation costs at the least, also one that fails before anything is known of it. */
export const LEAST_COST = 1;

/** Where a caller stands. */
export interface Standing {
  /** What they may spend at once. */
  readonly maximum: number;
  readonly remaining: number;
  /** What comes back every second. */
  readonly restoreRate: number;
}

/** What an operation costs, and where its caller stands after it. */
export interface Bill {
  readonly requested: number;
  /** Null where nothing is counted. */
  readonly standing: Standing | null;
}

/** A bill, and why the operation must not be executed, if it must not. */
interface Admission {
  readonly bill: Bill;
  readonly refusal: GraphQLError | null;
}

interface DemandControlOptions {
  readonly accounts: Accounts;
  readonly exhausted: ExhaustedCallers;
  /** What one operation may cost, whoever asks. */
  readonly maxOperationCost: number;
  readonly defaultListSize: number;
  /** Whether operations are refused, or only counted. */
  readonly isEnforced: boolean;
  readonly metrics: DemandMetrics;
  readonly logger: Logger;
}

interface Reason {
  readonly reason: RefusalReason;
  readonly error: GraphQLError;
}

/** Estimates what operations cost, and has their callers pay for them. */
export class DemandControl {
  private readonly estimator: CostEstimator;

  constructor(private readonly options: DemandControlOptions) {
    this.estimator = new CostEstimator(options.defaultListSize);
  }

  /** Reads what a version of the supergraph says of costs. @param schema What operations on it are validated against. */
  takeOver(schema: GraphQLSchema, supergraphSdl: string): void {
    this.estimator.takeOver(schema, supergraphSdl);
  }

  /**
   * Has the caller pay for a validated operation, before it is executed. Where costs are only measured nothing is
   * refused: what would have been is counted and logged.
   * @throws GraphQLError GRAPHQL_VALIDATION_FAILED when it selects too many fields.
   */
  async admit(operation: EstimatedOperation, context: GatewayContext): Promise<Admission> {
    const { accounts, isEnforced, metrics, logger } = this.options;
    const account = accounts.of(context);
    const tier = tierOf(context.viewer);
    const { cost, problems } = this.estimator.estimate(operation);
    const requested = Math.max(LEAST_COST, Math.ceil(cost));
    metrics.estimated(tier, requested);

    const unacceptable = this.unacceptable(requested, problems, account);
    const { bill, reason } = await this.charge(account, requested, unacceptable);
    if (!reason) return { bill, refusal: null };
    metrics.refused(tier, reason.reason, isEnforced);
    if (isEnforced) return { bill, refusal: reason.error };
    const details = { cost: requested, reason: reason.reason, tier, operationName: operation.operation.name?.value };
    logger.warn({ ...requestFields(context), ...details }, 'operation would have been refused for its cost');
    return { bill, refusal: null };
  }

  /** Has the caller pay for a request that has come to nothing. */
  async admitFailure(caller: Caller): Promise<Bill> {
    const { bill } = await this.charge(this.options.accounts.of(caller), LEAST_COST, null);
    return bill;
  }

  /** Why an operation is refused whatever its caller has left. */
  private unacceptable(cost: number, problems: readonly string[], account: Account | null): Reason | null {
    const [problem] = problems;
    if (problem !== undefined) return { reason: 'slicing', error: invalid(problem) };
    const maximum = Math.min(this.options.maxOperationCost, account?.buckets.budget.size ?? Infinity);
    if (cost <= maximum) return null;
    return {
      reason: 'maximum',
      error: invalid(`The operation costs ${cost}; ${maximum} is the most that is allowed.`),
    };
  }

  private async charge(account: Account | null, cost: number, unacceptable: Reason | null) {
    if (!account) return { bill: { requested: cost, standing: null }, reason: unacceptable };
    const { buckets, name } = account;
    const { size: maximum, restoreRate } = buckets.budget;
    // What is refused for itself has been worked on all the same.
    const { isAdmitted, remaining } = await buckets.spend(name, unacceptable ? LEAST_COST : cost);
    const bill: Bill = { requested: cost, standing: { maximum, remaining: Math.floor(remaining), restoreRate } };
    if (!isAdmitted && remaining < LEAST_COST) {
      this.options.exhausted.note(name, buckets.secondsUntil(LEAST_COST, remaining));
    }
    if (unacceptable || isAdmitted) return { bill, reason: unacceptable };
    return { bill, reason: { reason: 'budget', error: tooMuch(buckets.secondsUntil(cost, remaining)) } as const };
  }
}

function invalid(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } } });
}

function tooMuch(retryAfter: number): GraphQLError {
  const originalError = new DomainError('RATE_LIMITED', { retryAfter });
  const headers = new HeaderMap([['retry-after', String(retryAfter)]]);
  return new GraphQLError(originalError.message, {
    originalError,
    extensions: { ...originalError.extensions, http: { status: 429, headers } },
  });
}
