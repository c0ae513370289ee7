import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeClock } from '@shopgraph/kit/testing';
import { exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose';
import { pino } from 'pino';
import { publishedKeys } from '../src/token-keys';

/** Publishes keys, counts how often it is asked, and can be away. */
async function startPublisher() {
  const state = { keys: [] as JWK[], isAway: false, asked: 0 };
  const server = createServer((_request, response) => {
    state.asked += 1;
    response.statusCode = state.isAway ? 503 : 200;
    response.end(JSON.stringify({ keys: state.keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    state,
    url: `http://127.0.0.1:${port}/jwks.json`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

async function issuer(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' },
    token: () => new SignJWT({ sub: 'user_1' }).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey),
  };
}

let publisher: Awaited<ReturnType<typeof startPublisher>>;
beforeEach(async () => {
  publisher = await startPublisher();
});
afterEach(() => publisher.stop());

const keysWith = (cooldownMs: number, clock = new FakeClock()) =>
  publishedKeys({ url: publisher.url, cooldownMs, clock, logger: pino({ enabled: false }) });

describe('published keys', () => {
  it('are fetched once for many tokens', async () => {
    const { jwk, token } = await issuer('k1');
    publisher.state.keys = [jwk];
    const keys = keysWith(10_000);
    for (let count = 0; count < 5; count += 1) await jwtVerify(await token(), keys);
    expect(publisher.state.asked).toBe(1);
  });

  it('are fetched again for a token that names a new one', async () => {
    const [old, next] = [await issuer('k1'), await issuer('k2')];
    publisher.state.keys = [old.jwk];
    const keys = keysWith(0);
    await jwtVerify(await old.token(), keys);
    publisher.state.keys = [old.jwk, next.jwk];
    await jwtVerify(await next.token(), keys);
    await jwtVerify(await old.token(), keys);
    expect(publisher.state.asked).toBe(2);
  });

  it('are not fetched for every made-up name', async () => {
    const [real, forged] = [await issuer('k1'), await issuer('k9')];
    publisher.state.keys = [real.jwk];
    const keys = keysWith(10_000);
    await jwtVerify(await real.token(), keys);
    for (let count = 0; count < 20; count += 1) {
      await expect(jwtVerify(await forged.token(), keys)).rejects.toThrow('no applicable key');
    }
    expect(publisher.state.asked).toBe(1);
  });

  it('are renewed now and then, so that withdrawn ones lose their worth', async () => {
    const clock = new FakeClock();
    const { jwk, token } = await issuer('k1');
    publisher.state.keys = [jwk];
    const keys = keysWith(10_000, clock);
    await jwtVerify(await token(), keys);

    publisher.state.keys = [];
    clock.advance(301_000);
    // The request that starts the renewal does not wait for it.
    await jwtVerify(await token(), keys);
    await until(async () =>
      jwtVerify(await token(), keys).then(
        () => false,
        () => true,
      ),
    );
    expect(publisher.state.asked).toBe(2);
  });

  it('stay good while their publisher is away', async () => {
    const clock = new FakeClock();
    const { jwk, token } = await issuer('k1');
    publisher.state.keys = [jwk];
    const keys = keysWith(10_000, clock);
    await jwtVerify(await token(), keys);
    publisher.state.isAway = true;
    clock.advance(301_000);
    await jwtVerify(await token(), keys);
    await until(async () => publisher.state.asked === 2);
    await expect(jwtVerify(await token(), keys)).resolves.toBeDefined();
  });
});

/** Waits for a condition that only time brings about. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
