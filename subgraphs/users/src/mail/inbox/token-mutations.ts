import type { LetterKind } from '../queued-mail';

const AUTH = '{ accessToken refreshToken user { id email } userErrors { code message } }';

/** What is done with the tokens of letters; most letters have none. */
const MUTATIONS: Partial<Record<LetterKind, (token: string) => string>> = {
  verification: (token) => `mutation { verifyEmail(token: ${token}) ${AUTH} }`,
  'password-reset': (token) => `mutation { resetPassword(token: ${token}, password: "choose-a-new-one-42") ${AUTH} }`,
  'email-change': (token) =>
    `# Signed in as whoever has asked for it.\nmutation { confirmEmailChange(token: ${token}) { user { id email } userErrors { code message } } }`,
};

/** What is done with the token of a letter, ready to be pasted; null for letters without one. */
export function tokenMutation(kind: LetterKind | null, token: string): string | null {
  const write = kind === null ? undefined : MUTATIONS[kind];
  return write?.(JSON.stringify(token)) ?? null;
}
