import { FakeClock } from '@shopgraph/kit/testing';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';
import { TokenVerifier } from '../src/token-verifier';

const NOW = '2026-01-01T00:00:00Z';

/** A verifier whose published keys can be exchanged, and the number of times that it has asked for them. */
async function aVerifier(capacity?: number) {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const published: JSONWebKeySet = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] };
  const clock = new FakeClock(NOW);
  const state = { published, checks: 0 };
  const verifier = new TokenVerifier({
    issuer: 'https://users.test',
    audience: 'shop',
    keys: (header, token) => {
      state.checks += 1;
      return createLocalJWKSet(state.published)(header, token);
    },
    clock,
    ...(capacity !== undefined && { capacity }),
  });
  const token = (sub: string, seconds = 900) =>
    new SignJWT({ sub, sid: 'session_1', permissions: ['user:read'] })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'at+jwt' })
      .setIssuer('https://users.test')
      .setAudience('shop')
      .setExpirationTime(Date.parse(NOW) / 1_000 + seconds)
      .sign(privateKey);
  return { verifier, clock, state, token };
}

const refused = { extensions: { code: 'UNAUTHENTICATED' } };

describe('an access token', () => {
  it('that was verified is known again for a minute, and then verified once more', async () => {
    const { verifier, clock, state, token } = await aVerifier();
    const ada = await token('ada');
    const claims = await verifier.verify(ada);
    expect(claims).toMatchObject({ sub: 'ada', sid: 'session_1', permissions: ['user:read'] });
    clock.advance(59_999);
    expect(await verifier.verify(ada)).toEqual(claims);
    expect(state.checks).toBe(1);
    clock.advance(1);
    expect(await verifier.verify(ada)).toEqual(claims);
    expect(state.checks).toBe(2);
  });

  it('is told apart from every other', async () => {
    const { verifier, state, token } = await aVerifier();
    const [ada, bob] = [await token('ada'), await token('bob')];
    for (const [used, sub] of [
      [ada, 'ada'],
      [bob, 'bob'],
      [ada, 'ada'],
    ] as const) {
      expect((await verifier.verify(used)).sub).toBe(sub);
    }
    expect(state.checks).toBe(2);
  });

  it('with the signature of another is refused, however well known both are', async () => {
    const { verifier, token } = await aVerifier();
    const [ada, bob] = [await token('ada'), await token('bob')];
    await Promise.all([verifier.verify(ada), verifier.verify(bob)]);
    const [header, payload] = ada.split('.');
    await expect(verifier.verify(`${header}.${payload}.${bob.split('.')[2]}`)).rejects.toMatchObject(refused);
  });

  it('ends when it expires, and not when it is forgotten', async () => {
    const { verifier, clock, token } = await aVerifier();
    const brief = await token('ada', 30);
    await verifier.verify(brief);
    // Five seconds more, because clocks differ.
    clock.advance(34_999);
    await verifier.verify(brief);
    clock.advance(1);
    await expect(verifier.verify(brief)).rejects.toMatchObject(refused);
  });

  it('loses its worth within a minute after its key was withdrawn', async () => {
    const { verifier, clock, state, token } = await aVerifier();
    const ada = await token('ada');
    await verifier.verify(ada);
    state.published = { keys: [] };
    clock.advance(60_000);
    await expect(verifier.verify(ada)).rejects.toMatchObject(refused);
  });

  it('that was refused is looked at again: its key may have come', async () => {
    const { verifier, state, token } = await aVerifier();
    const { published } = state;
    const ada = await token('ada');
    state.published = { keys: [] };
    await expect(verifier.verify(ada)).rejects.toMatchObject(refused);
    state.published = published;
    expect((await verifier.verify(ada)).sub).toBe('ada');
  });

  it('is forgotten for newer ones, but never for what was refused', async () => {
    const { verifier, state, token } = await aVerifier(2);
    const [ada, bob, eve] = [await token('ada'), await token('bob'), await token('eve')];
    await verifier.verify(ada);
    for (let count = 0; count < 10; count += 1) {
      await expect(verifier.verify(`${ada}${count}`)).rejects.toMatchObject(refused);
    }
    state.checks = 0;
    await verifier.verify(ada);
    expect(state.checks).toBe(0);
    for (const other of [bob, eve, ada]) await verifier.verify(other);
    expect(state.checks).toBe(3);
  });
});
