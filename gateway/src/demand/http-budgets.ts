import { DomainError } from '@shopgraph/kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Account, type Accounts, tierOf } from './budgets';
import type { DemandControl } from './demand-control';
import type { DemandMetrics } from './demand-metrics';
import type { ExhaustedCallers } from './exhausted-callers';

interface HttpBudgetsOptions {
  readonly accounts: Accounts;
  readonly exhausted: ExhaustedCallers;
  readonly control: DemandControl;
  readonly metrics: DemandMetrics;
}

/**
 * For callers who are known, in place of a limit on requests: ends the requests of those who have nothing left before
 * they are read, RATE_LIMITED and HTTP 429, and has those that come to nothing before GraphQL cost something, too.
 */
export function limitByBudgets(app: FastifyInstance, options: HttpBudgetsOptions): void {
  const { accounts, exhausted, control, metrics } = options;

  function accountOf({ viewer, ip }: FastifyRequest): Account | null {
    return tierOf(viewer) === 'anonymous' ? null : accounts.of({ viewer, client: { ip } });
  }

  // Not earlier: only now is it known whose signature it is.
  app.addHook('preParsing', async (request, reply) => {
    const account = accountOf(request);
    const retryAfter = account ? exhausted.secondsLeft(account.name) : 0;
    if (!account || retryAfter === 0) return;
    metrics.refused(account.tier, 'budget', true);
    void reply.headers({ 'retry-after': retryAfter, 'ratelimit-limit': account.buckets.budget.size });
    throw new DomainError('RATE_LIMITED', { retryAfter });
  });
  app.addHook('onResponse', async ({ viewer, ip }, reply) => {
    if (tierOf(viewer) === 'anonymous' || reply.statusCode < 400) return;
    // Whoever was told where they stand was counted.
    if (!reply.hasHeader('ratelimit-limit')) await control.admitFailure({ viewer, client: { ip } });
  });
}
