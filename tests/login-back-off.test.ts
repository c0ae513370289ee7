import { request } from 'undici';
import { PASSWORD, startTestShop, type TestShop } from './support/start-test-shop';

const LOGIN = `mutation ($email: String!, $password: String!) {
  login(input: { email: $email, password: $password }) {
    accessToken
    userErrors { __typename code ... on LoginAttemptDelayedError { retryAfterSeconds } }
  }
}`;

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop({ environment: { RATE_LIMITS: 'on', TRUST_PROXY: '127.0.0.1' } });
});
afterAll(() => shop.close());

interface Answer {
  readonly data: { readonly login: { accessToken: string | null; userErrors: object[] } | null } | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

/** Signs in through the gateway, as somebody at this address. */
async function login(email: string, password: string, address: string): Promise<Answer> {
  const response = await request(shop.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ query: LOGIN, variables: { email, password } }),
  });
  return (await response.body.json()) as Answer;
}

describe('guessing a password through the gateway', () => {
  it('is delayed by address, before the outer limit of ten a minute says anything', async () => {
    const { email } = await shop.signedIn('CUSTOMER');
    const answers = await Promise.all(Array.from({ length: 8 }, () => login(email, 'not-my-password-42', '192.0.2.1')));
    const refusals = answers.map(({ data, errors }) => errors ?? data?.login?.userErrors);
    const wrong = [{ __typename: 'GenericUserError', code: 'INVALID_CREDENTIALS' }];
    const delayed = [{ __typename: 'LoginAttemptDelayedError', code: 'LOGIN_ATTEMPT_DELAYED', retryAfterSeconds: 1 }];
    const text = (refusal: unknown) => JSON.stringify(refusal);
    expect(refusals.map(text).sort()).toEqual([...Array(3).fill(wrong), ...Array(5).fill(delayed)].map(text).sort());

    const elsewhere = await login(email, PASSWORD, '192.0.2.2');
    expect(elsewhere.data?.login?.accessToken).toEqual(expect.any(String));
  });
});
