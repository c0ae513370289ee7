import {
  actorOf,
  type Call,
  type Clock,
  type IdGenerator,
  inTransaction,
  isPermitted,
  type MongoConnection,
  ok,
  type Outbox,
  refuse,
  type Result,
  serviceCall,
  type Transaction,
} from '@shopgraph/kit';
import type { User } from '../accounts/user';
import type { UserStore } from '../accounts/user-store';
import type { AuditTrail } from '../audit/audit-trail';
import { newToken } from '../opaque-token';
import type { PasswordConfirmation } from '../passwords/password-confirmation';
import type { PasswordHasher } from '../passwords/password-hasher';
import { granterOf, type RoleGranter } from '../roles/role-granter';
import type { Roles } from '../roles/roles';
import type { SessionService } from '../sessions/session-service';
import type { Administrators } from './administrators';
import { anonymise, type AnonymisationProblem } from './anonymisation';
import type { ExportPieceStore } from './export-piece-store';
import { eraseHoldings, type Holding } from './holdings';
import { type PrivacyJob, requestOf, startJob } from './privacy-job';
import type { PrivacyJobStore } from './privacy-job-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly roles: Roles;
  readonly administrators: Administrators;
  readonly sessions: SessionService;
  readonly hasher: PasswordHasher;
  readonly confirmation: PasswordConfirmation;
  readonly holdings: readonly Holding[];
  readonly jobs: PrivacyJobStore;
  readonly pieces: ExportPieceStore;
  readonly outbox: Outbox;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** Every subgraph, this one too. */
  readonly subgraphs: readonly string[];
}

type Anonymised = Result<PrivacyJob, AnonymisationProblem>;

/** Erases people: their account stays as a number, for the books. */
export class AnonymisationService {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Erases what is personal about a user, here at once and elsewhere as a job: oneself with the password, others
   * with `user:privacy`. Who is erased already stays so, and the job that did it is answered.
   */
  async request(userId: string, password: string | null, call: Call): Promise<Anonymised> {
    const { connection, users, hasher, jobs } = this.deps;
    const eraser = granterOf(call.viewer);
    const isThemself = eraser.id === userId;
    const isAllowed = isThemself || isPermitted(call.viewer, 'user:privacy');
    if (!isAllowed) return refuse({ kind: 'unknown-user' });
    const checked = isThemself ? await this.confirm(userId, password, call) : null;
    if (checked && !checked.ok) return checked;

    const passwordHash = await hasher.hash(newToken());
    return inTransaction<Anonymised>(connection, async (tx) => {
      const user = await users.byId(userId, tx);
      if (!user) return refuse({ kind: 'unknown-user' });
      if (user.status === 'ANONYMISED') {
        return ok((await jobs.latestOf(userId, 'ANONYMISE', tx)) ?? (await this.begin(userId, call, tx)));
      }
      // Changed while hashes were compared.
      if (checked && user.passwordHash !== checked.value.passwordHash) return refuse({ kind: 'wrong-password' });
      const decision = await this.decide(user, passwordHash, eraser, tx);
      if (!decision.ok) return decision;

      await users.update(decision.value, tx);
      const job = await this.begin(userId, call, tx);
      // Last, so that nothing which was written on the way stays. One's own place is not kept either.
      await this.erase(userId, isThemself ? { ...call, client: null } : call, tx);
      return ok(job);
    });
  }

  /** Erases once more what was under way when somebody was erased. */
  async eraseAgain(userId: string): Promise<void> {
    const { connection, users } = this.deps;
    await inTransaction(connection, async (tx) => {
      const user = await users.byId(userId, tx);
      if (user?.status === 'ANONYMISED') await this.erase(userId, serviceCall('users'), tx);
    });
  }

  private async confirm(userId: string, password: string | null, call: Call) {
    // No attempt, so it does not count as one.
    if (password === null) return refuse({ kind: 'wrong-password' as const });
    return this.deps.confirmation.confirm(userId, password, call);
  }

  private async decide(user: User, passwordHash: string, eraser: RoleGranter, tx: Transaction) {
    const { roles, administrators } = this.deps;
    const permissions = await roles.permissionsOf(user.roleIds, tx);
    const isLastAdministrator = await administrators.isLast(user, tx);
    return anonymise(user, { permissions, isLastAdministrator, passwordHash }, eraser);
  }

  private async begin(userId: string, call: Call, tx: Transaction): Promise<PrivacyJob> {
    const { jobs, outbox, audit, clock, ids, subgraphs } = this.deps;
    const start = { id: ids.next('privjob'), kind: 'ANONYMISE', userId, requestedBy: actorOf(call.viewer) } as const;
    const job = startJob({ ...start, subgraphs }, clock.now());
    await jobs.add(job, tx);
    await outbox.append([requestOf(job)], call, tx);
    await audit.record({ action: 'user.anonymised', subject: userId, details: { jobId: job.id } }, call, tx);
    return job;
  }

  private async erase(userId: string, call: Call, tx: Transaction): Promise<void> {
    const { sessions, holdings, jobs, pieces } = this.deps;
    await sessions.endAllWithin([userId], call, tx);
    await eraseHoldings(holdings, userId, tx);
    await pieces.removeAllOf(await jobs.removeExportsOf(userId, tx), tx);
  }
}
