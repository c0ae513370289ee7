import { createSession, type Session } from '@shopgraph/client';
import { eventually } from '@shopgraph/kit/testing';
import { request } from 'undici';
import { PASSWORD, type SignedIn, startTestShop, type TestShop } from './support/start-test-shop';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.close());

const NEW_PASSWORD = 'Thirteen-and-more-5-tests';

/** The token of the newest mail to an address with this subject, once it is there. */
async function tokenOf(address: string, subject: string): Promise<string> {
  return eventually(async () => {
    const mail = await shop.mailTo(address);
    if (mail.subject !== subject || mail.token === null) throw new Error(`the newest mail is "${mail.subject}"`);
    return mail.token;
  });
}

async function isSignedIn({ client }: Pick<SignedIn, 'client'>): Promise<boolean> {
  try {
    return (await client.me()).me !== null;
  } catch (error) {
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED' });
    return false;
  }
}

async function signedInAs(email: string, password = PASSWORD): Promise<Session> {
  const session = createSession({ url: shop.url });
  await session.client.login({ input: { email, password } });
  return session;
}

describe('a forgotten password', () => {
  it('is replaced with the token from a mail, which signs out whoever else was signed in, at once', async () => {
    const customer = await shop.signedIn('CUSTOMER');
    const { client } = createSession({ url: shop.url });
    const asked = await client.requestPasswordReset({ email: customer.email });
    expect(asked.requestPasswordReset).toEqual({ accepted: true, userErrors: [] });
    const token = await tokenOf(customer.email, 'Choose a new password');
    expect(await isSignedIn(customer)).toBe(true);

    const { resetPassword } = await client.resetPassword({ token, password: NEW_PASSWORD });
    expect(resetPassword).toMatchObject({ user: { id: customer.id }, userErrors: [] });
    // The session goes on with the tokens of the answer; the other one is refused though its token has not expired.
    expect((await client.me()).me).toMatchObject({ email: customer.email });
    expect(await isSignedIn(customer)).toBe(false);
    const again = await shop.anonymous.resetPassword({ token, password: NEW_PASSWORD });
    expect(again.resetPassword.userErrors).toMatchObject([{ code: 'INVALID_TOKEN', field: ['token'] }]);
  });
});

describe('a password', () => {
  it('is changed by who knows it, who stays signed in, and only they', async () => {
    const { email, client } = await shop.signedIn('CUSTOMER');
    const elsewhere = await signedInAs(email);
    const wrong = await client.changePassword({ current: 'not-the-password', next: NEW_PASSWORD });
    expect(wrong.changePassword.userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS', field: ['current'] }]);

    const { changePassword } = await client.changePassword({ current: PASSWORD, next: NEW_PASSWORD });
    expect(changePassword.userErrors).toEqual([]);
    expect(await isSignedIn({ client })).toBe(true);
    expect(await isSignedIn(elsewhere)).toBe(false);
    expect(await isSignedIn(await signedInAs(email, NEW_PASSWORD))).toBe(true);
  });
});

describe('an address', () => {
  it('is changed with the token that was mailed to the new one', async () => {
    const { id, email, client } = await shop.signedIn('CUSTOMER');
    const elsewhere = await signedInAs(email);
    const newEmail = `new-${email}`;
    const asked = await client.requestEmailChange({ newEmail, password: PASSWORD });
    expect(asked.requestEmailChange).toEqual({ accepted: true, userErrors: [] });
    const token = await tokenOf(newEmail, 'Confirm your new e-mail address');

    const { confirmEmailChange } = await client.confirmEmailChange({ token });
    expect(confirmEmailChange).toMatchObject({ user: { id, email: newEmail, emailVerified: true }, userErrors: [] });
    expect(await isSignedIn({ client })).toBe(true);
    expect(await isSignedIn(elsewhere)).toBe(false);
    expect((await shop.mailTo(email)).subject).toBe('Your e-mail address was changed');
  });
});

describe('whoever asks for many addresses', () => {
  const post = async (query: string, variables: object) => {
    const headers = { 'content-type': 'application/json' };
    const response = await request(shop.url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    const { date: _date, 'x-request-id': _id, ...rest } = response.headers;
    return { status: response.statusCode, headers: rest, body: await response.body.text() };
  };

  it.each([
    [
      'registers',
      'register(input: { email: $email, name: "Ada", password: "violet-anchor-drifts-42" }) { accepted userErrors { code message field } }',
    ],
    [
      'signs in',
      'login(input: { email: $email, password: "violet-anchor" }) { accessToken userErrors { code message field } }',
    ],
    ['has forgotten a password', 'requestPasswordReset(email: $email) { accepted userErrors { code message field } }'],
  ])(
    'and %s gets the same status, headers and body for those with an account and those without',
    async (_what, field) => {
      const { email } = await shop.signedIn('CUSTOMER');
      const query = `mutation ($email: String!) { ${field} }`;
      const known = await post(query, { email });
      expect(await post(query, { email: `nobody-${email}` })).toEqual(known);
      expect(known.status).toBe(200);
    },
  );
});
