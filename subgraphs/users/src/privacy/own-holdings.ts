import type { UserStore } from '../accounts/user-store';
import type { VerificationStore } from '../accounts/verification-store';
import type { AuditStore } from '../audit/audit-store';
import type { AuditTrail } from '../audit/audit-trail';
import type { MailStore } from '../mail/mail-store';
import type { MailedTokens } from '../one-time-tokens/mailed-tokens';
import type { SessionStore } from '../sessions/session-store';
import type { Holding } from './holdings';

/** The account itself; erasing it is a decision of its own (`anonymise`), so nothing is left to do here. */
export function accountHolding(users: UserStore): Holding {
  return {
    name: 'account',
    async exportOf(userId) {
      const [user] = await users.byIds([userId]);
      if (!user) return null;
      const { passwordHash: _hash, ...account } = user;
      return account;
    },
    erase: async () => undefined,
  };
}

/** Where they are, and were, signed in; also as far as the audit log tells of what became of a session. */
export function sessionsHolding(sessions: SessionStore, audit: AuditTrail): Holding {
  return {
    name: 'sessions',
    exportOf: (userId) => sessions.allOf(userId),
    async erase(userId, tx) {
      for (const id of await sessions.removeAllOf(userId, tx)) await audit.erasePersonalData(id, tx);
    },
  };
}

/** Registrations that wait for their mail to be answered. */
export function verificationsHolding(verifications: VerificationStore): Holding {
  return {
    name: 'verifications',
    async exportOf(userId) {
      const found = await verifications.allOf(userId);
      return found.map(({ name, createdAt, expiresAt }) => ({ name, createdAt, expiresAt }));
    },
    erase: (userId, tx) => verifications.removeAllOf(userId, tx),
  };
}

/** What was mailed to be used once, and waits for it. */
export function mailedTokensHolding(mailedTokens: MailedTokens): Holding {
  const { passwordResets, emailChanges } = mailedTokens;
  return {
    name: 'mailedTokens',
    async exportOf(userId) {
      const [reset, change] = [await passwordResets.byUserId(userId), await emailChanges.byUserId(userId)];
      return [
        ...(reset ? [{ purpose: 'password reset', expiresAt: reset.expiresAt }] : []),
        ...(change ? [{ purpose: 'change of address', newEmail: change.about, expiresAt: change.expiresAt }] : []),
      ];
    },
    erase: (userId, tx) => mailedTokens.voidAllOf(userId, tx),
  };
}

/** Mails that left in the last days, or wait. */
export function mailsHolding(mails: MailStore): Holding {
  return {
    name: 'mails',
    async exportOf(userId) {
      const found = await mails.allOf(userId);
      return found.map(({ letter, content, status, createdAt }) => {
        return { letter, to: content?.to ?? null, name: content?.name ?? null, status, createdAt };
      });
    },
    erase: (userId, tx) => mails.removeAllOf(userId, tx),
  };
}

/** What was done by them and to them; that stays, without where it was done from. */
export function auditHolding(entries: AuditStore, audit: AuditTrail): Holding {
  return {
    name: 'auditEntries',
    async exportOf(userId) {
      const found = await entries.allOf(userId);
      return found.map(({ at, action, actor, subject, details, ip, userAgent }) => {
        // Where staff did something to them is theirs.
        const isOwn = actor === userId || actor === 'anonymous';
        return { at, action, actor, subject, details, ...(isOwn && { ip, userAgent }) };
      });
    },
    erase: (userId, tx) => audit.erasePersonalData(userId, tx),
  };
}
