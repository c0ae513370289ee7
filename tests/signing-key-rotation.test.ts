import { connectMongo, databaseIn, withDatabase } from '@shopgraph/kit';
import { FakeClock } from '@shopgraph/kit/testing';
import { rotateSigningKey } from '@shopgraph/users';
import { decodeProtectedHeader } from 'jose';
import { Browser } from './support/browser';
import { PASSWORD, startTestShop, type TestShop } from './support/start-test-shop';

const MINUTE_MS = 60_000;

const clock = new FakeClock();
let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop({ clock });
});
afterAll(() => shop.close());

it('a rotation of the signing key fails no request, while tokens are verified all the time', async () => {
  const { email } = await shop.signedIn('CUSTOMER');
  const issue = async () => {
    const { login } = await shop.anonymous.login({ input: { email, password: PASSWORD } });
    return { token: login.accessToken ?? '', expiresAt: clock.now().getTime() + 15 * MINUTE_MS };
  };
  const browser = new Browser({ url: shop.url, transport: null });
  let tokens = [await issue()];
  const answers: unknown[] = [];
  let isDone = false;

  /** One of several that ask without a pause, each time with every token that has time left. */
  async function verifyAllTheTime(): Promise<void> {
    while (!isDone) {
      const asked = tokens;
      const now = clock.now().getTime();
      for (const { token } of asked.filter(({ expiresAt }) => expiresAt - now > 2 * MINUTE_MS)) {
        const { status, data } = await browser.send({ query: '{ me { email } }' }, token);
        answers.push([status, data?.me?.email]);
      }
    }
  }
  const verifying = [1, 2].map(() => verifyAllTheTime());

  const uri = shop.environment.MONGODB_URI ?? '';
  const connection = await connectMongo(withDatabase(uri, `${databaseIn(uri)}_users`));
  const secrets = shop.environment.KEY_ENCRYPTION_SECRET?.split(',');
  const { id } = await rotateSigningKey(connection, { secrets, accessTokenSeconds: 900, clock });
  await connection.close();

  const keyIds: (string | undefined)[] = [decodeProtectedHeader(tokens[0]?.token ?? '').kid];
  const answered: number[] = [];
  // Past the announcement (7 minutes), and past the last token of the old key (15 more).
  for (let minute = 1; minute <= 26; minute += 1) {
    const before = answers.length;
    // No faster: calls between services are good for a minute.
    clock.advance(MINUTE_MS);
    if (minute % 2 === 0) {
      const issued = await issue();
      keyIds.push(decodeProtectedHeader(issued.token).kid);
      tokens = [...tokens, issued].slice(-7);
    }
    const { status } = await browser.send({ query: '{ me { email } }' }, tokens.at(-1)?.token);
    answers.push([status, email]);
    answered.push(answers.length - before);
  }
  isDone = true;
  await Promise.all(verifying);

  expect(answers.filter((answer) => JSON.stringify(answer) !== JSON.stringify([200, email]))).toEqual([]);
  expect(Math.min(...answered)).toBeGreaterThan(1);
  // Of every other minute: the old key for seven minutes, then the new one for good.
  expect(new Set(keyIds.slice(0, 4))).toEqual(new Set([keyIds[0]]));
  expect(keyIds[0]).not.toBe(id);
  expect(new Set(keyIds.slice(4))).toEqual(new Set([id]));
}, 60_000);
