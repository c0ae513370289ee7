import type { Viewer } from '@shopgraph/kit';
import { anonymous } from '@shopgraph/kit/testing';
import { decodeJwt } from 'jose';
import type { TestUsers } from './start-users';

export const GOOD_PASSWORD = 'violet-anchor-drifts-42';

export interface UserErrorAnswer {
  code: string;
  message: string;
  field: string[] | null;
}

export interface AuthAnswer {
  accessToken: string | null;
  refreshToken: string | null;
  expiresIn: number | null;
  user: { id: string; email: string; name: string; roles: { id: string }[] } | null;
  userErrors: UserErrorAnswer[];
}

export const AUTH = `{
  accessToken refreshToken expiresIn user { id email name roles { id } } userErrors { code message field }
}`;
export const REGISTER = `mutation ($input: RegisterInput!) {
  register(input: $input) { accepted userErrors { code message field } }
}`;
export const VERIFY = `mutation ($token: String!) { verifyEmail(token: $token) ${AUTH} }`;
export const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) ${AUTH} }`;
export const REFRESH = `mutation ($token: String!) { refreshToken(token: $token) ${AUTH} }`;

let lastNumber = 0;

/** An address that nobody else in this process uses. */
export function newAddress(): string {
  return `user${(lastNumber += 1)}@example.com`;
}

/** What a person does with the subgraph, through its API. */
export function journeys({ send, mailbox }: TestUsers) {
  async function register(input: { email: string; password?: string; name?: string }) {
    const variables = { input: { password: GOOD_PASSWORD, name: 'Ada Lovelace', ...input } };
    const { data, errors } = await send<{ register: { accepted: boolean; userErrors: UserErrorAnswer[] } }>(
      anonymous,
      REGISTER,
      variables,
    );
    if (errors) throw new Error(JSON.stringify(errors));
    return data.register;
  }

  async function mutate(name: 'verifyEmail' | 'login' | 'refreshToken', query: string, variables: object) {
    const { data, errors } = await send<Record<string, AuthAnswer>>(anonymous, query, variables);
    const answer = data[name];
    if (errors || !answer) throw new Error(JSON.stringify(errors));
    return answer;
  }

  const verify = (token: string | null) => mutate('verifyEmail', VERIFY, { token });
  const login = (email: string, password = GOOD_PASSWORD) => mutate('login', LOGIN, { input: { email, password } });
  const refresh = (token: string | null) => mutate('refreshToken', REFRESH, { token });

  /** Registers and verifies; answers what the new user holds. */
  async function join(email = newAddress(), password = GOOD_PASSWORD) {
    await register({ email, password });
    const { token } = await mailbox.arrived(email);
    const { accessToken, refreshToken, user } = await verify(token);
    if (!accessToken || !refreshToken || !user) throw new Error('was not signed in');
    return { email, user, accessToken, refreshToken, viewer: viewerOf(accessToken) };
  }

  return { register, verify, login, refresh, join };
}

/** On whose behalf the gateway would call with this token. */
export function viewerOf(accessToken: string | null): Viewer & { kind: 'user' } {
  const { sub = '', sid, permissions } = decodeJwt<{ sid: string; permissions: string[] }>(accessToken ?? '');
  return { kind: 'user', id: sub, sessionId: sid, permissions };
}
