import type { Viewer } from '@shopgraph/kit';
import { anonymous, eventually } from '@shopgraph/kit/testing';
import { AUTH, type AuthAnswer, type UserErrorAnswer } from '../journeys';
import type { Mail } from '../../src/mail/mailer';
import type { TestUsers } from '../start-users';

const ACKNOWLEDGED = '{ accepted userErrors { code message field } }';
export const REQUEST_RESET = `mutation ($email: String!) { requestPasswordReset(email: $email) ${ACKNOWLEDGED} }`;
export const RESET = `mutation ($token: String!, $password: String!) {
  resetPassword(token: $token, password: $password) ${AUTH}
}`;
export const CHANGE = `mutation ($current: String!, $next: String!) {
  changePassword(current: $current, next: $next) ${AUTH}
}`;
export const REQUEST_EMAIL_CHANGE = `mutation ($newEmail: String!, $password: String!) {
  requestEmailChange(newEmail: $newEmail, password: $password) ${ACKNOWLEDGED}
}`;
export const CONFIRM_EMAIL_CHANGE = `mutation ($token: String!) {
  confirmEmailChange(token: $token) { user { id email emailVerified version } userErrors { code message field } }
}`;

export interface AcknowledgeAnswer {
  accepted: boolean;
  userErrors: UserErrorAnswer[];
}

export interface UserAnswer {
  user: { id: string; email: string; emailVerified: boolean; version: number } | null;
  userErrors: UserErrorAnswer[];
}

export const ACCEPTED: AcknowledgeAnswer = { accepted: true, userErrors: [] };
export const NEW_PASSWORD = 'amber-lantern-hums-77';

/** What people do about their passwords and addresses, through the API. */
export function passwordJourneys({ send, mailbox, collection }: TestUsers) {
  async function mutate<Answer>(viewer: Viewer, name: string, query: string, variables: object): Promise<Answer> {
    const { data, errors } = await send<Record<string, Answer> | null>(viewer, query, variables);
    const answer = data?.[name];
    if (errors || !answer) throw new Error(JSON.stringify(errors));
    return answer;
  }

  const requestReset = (email: string) =>
    mutate<AcknowledgeAnswer>(anonymous, 'requestPasswordReset', REQUEST_RESET, { email });
  const reset = (token: string | null, password = NEW_PASSWORD) =>
    mutate<AuthAnswer>(anonymous, 'resetPassword', RESET, { token, password });
  const change = (viewer: Viewer, current: string, next = NEW_PASSWORD) =>
    mutate<AuthAnswer>(viewer, 'changePassword', CHANGE, { current, next });
  const requestEmailChange = (viewer: Viewer, newEmail: string, password: string) =>
    mutate<AcknowledgeAnswer>(viewer, 'requestEmailChange', REQUEST_EMAIL_CHANGE, { newEmail, password });
  const confirmEmailChange = (viewer: Viewer, token: string | null) =>
    mutate<UserAnswer>(viewer, 'confirmEmailChange', CONFIRM_EMAIL_CHANGE, { token });

  const mailsOf = (email: string, kind: Mail['kind']) => mailbox.to(email).filter((mail) => mail.kind === kind);

  /** Does something, and answers the mail of this kind that it sends. */
  async function mailedBy(email: string, kind: Mail['kind'], work: () => Promise<unknown>): Promise<Mail> {
    const before = mailsOf(email, kind).length;
    await work();
    return eventually(() => {
      const mail = mailsOf(email, kind)[before];
      if (!mail) throw new Error(`no mail of kind ${kind} to ${email}`);
      return mail;
    });
  }

  /** Asks for a reset and answers the token of the mail. */
  async function resetToken(email: string): Promise<string> {
    return (await mailedBy(email, 'password-reset', () => requestReset(email))).token ?? '';
  }

  /** The ids of the sessions of a user that have not ended. */
  async function liveSessions(userId: string): Promise<string[]> {
    const found = await collection('sessions').find({ userId, endedAt: null }).toArray();
    return found.map(({ _id }) => _id);
  }

  /** What was audited of a user, oldest first. */
  async function audited(subject: string): Promise<unknown[]> {
    const found = await collection('auditEntries').find({ subject }).sort({ at: 1, _id: 1 }).toArray();
    return found.map(({ action }) => action);
  }

  return {
    requestReset,
    reset,
    change,
    requestEmailChange,
    confirmEmailChange,
    mailsOf,
    mailedBy,
    resetToken,
    liveSessions,
    audited,
  };
}
