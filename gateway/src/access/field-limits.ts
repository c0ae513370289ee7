import { allow, type RequestRule } from '@shopgraph/kit';
import { type FieldLimit, limitField, type RateLimitDependencies } from './rate-limits';
import { and } from './request-rules';

/**
 * How often fields may be called, where calling them often is how shops are attacked: guessing passwords and
 * tokens, having mails sent to strangers, trying out cards, filling the database.
 */
const FIELD_LIMITS = {
  login: [
    // An outer wall: before it, clients meet the back-off of users, which says how long they have to wait.
    { maxPerMinute: 10, per: 'address', perArguments: ['input.email'] },
    // One password for many accounts.
    { maxPerMinute: 60, per: 'address' },
  ],
  // Each look is an entry too.
  auditLog: [{ maxPerMinute: 120, per: 'user' }],
  register: [{ maxPerMinute: 5, per: 'address' }],
  verifyEmail: [{ maxPerMinute: 10, per: 'address' }],
  requestPasswordReset: [{ maxPerMinute: 5, per: 'address' }],
  resetPassword: [{ maxPerMinute: 10, per: 'address' }],
  // The present password can be guessed with it, by whoever holds a session.
  changePassword: [{ maxPerMinute: 5, per: 'user' }],
  requestEmailChange: [{ maxPerMinute: 5, per: 'user' }],
  confirmEmailChange: [{ maxPerMinute: 10, per: 'user' }],
  refreshToken: [{ maxPerMinute: 30, per: 'address' }],
  apiKeyCreate: [{ maxPerMinute: 10, per: 'user' }],
  apiKeyRotate: [{ maxPerMinute: 10, per: 'user' }],
  userExport: [{ maxPerMinute: 5, per: 'user' }],
  // It takes a password.
  userAnonymize: [{ maxPerMinute: 5, per: 'user' }],
  cartCreate: [{ maxPerMinute: 60, per: 'address' }],
  checkout: [{ maxPerMinute: 10, per: 'user' }],
  orderCancel: [{ maxPerMinute: 30, per: 'user' }],
} as const satisfies Record<string, readonly FieldLimit[]>;

/** A field of the graph whose calls are counted by name: `Mutation.login`. */
export type LimitedField = keyof typeof FIELD_LIMITS;

/** Makes the rule that limits a field. */
export type LimitRule = (field: string, limit: FieldLimit) => RequestRule;

/** Rules that count in Redis. */
export function countedLimits(deps: RateLimitDependencies): LimitRule {
  return (field, limit) => limitField(field, limit, deps);
}

/** Rules that let everything pass, for load tests. */
export const noLimits: LimitRule = () => allow;

/** The rule that the table has for a mutation. */
export function limited(field: LimitedField, createRule: LimitRule): RequestRule {
  return and(...FIELD_LIMITS[field].map((limit) => createRule(field, limit)));
}
