import {
  type ApiKey,
  type ApiKeyChoices,
  makeApiKey,
  mayManage,
  permissionsOfKey,
  revokeApiKey,
  rotateApiKey,
  workingSecrets,
} from '../../src/api-keys/api-key';
import { after, NOW } from '../builders';

const owner = { id: 'user_1', permissions: ['order:read', 'user:read'] };
const choices: ApiKeyChoices = {
  name: 'ERP',
  scopes: ['order:read'],
  allowedIps: [],
  allowSignature: false,
  requireSignature: false,
  expiresAt: null,
};
const secretNamed = (hash: string) => ({ hash, sealed: null, hint: `hint of ${hash}` });

function aKey(chosen: Partial<ApiKeyChoices> = {}): ApiKey {
  const making = { id: 'apikey_1', secret: secretNamed('first'), now: NOW };
  const result = makeApiKey({ ...choices, ...chosen }, owner, making);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}
const rotated = (key: ApiKey, hash: string, overlapSeconds: number, now = NOW): ApiKey => {
  const result = rotateApiKey(key, secretNamed(hash), overlapSeconds, now);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
};
const working = (key: ApiKey, now = NOW) => workingSecrets(key, now).map(({ hash }) => hash);

describe('an API key', () => {
  it('belongs to whoever made it, and works', () => {
    expect(aKey()).toMatchObject({ ownerId: 'user_1', hint: 'hint of first', version: 1, revokedAt: null });
    expect(working(aKey())).toEqual(['first']);
  });

  it.each([
    ['beyond-own-permissions', { scopes: ['order:read', 'order:cancel'] }],
    ['expiry-in-past', { expiresAt: NOW }],
  ] as const)('is refused as %s', (kind, chosen) => {
    const making = { id: 'apikey_1', secret: secretNamed('first'), now: NOW };
    expect(makeApiKey({ ...choices, ...chosen }, owner, making)).toEqual({ ok: false, problems: [{ kind }] });
  });

  it('expires', () => {
    const key = aKey({ expiresAt: after(1_000) });
    expect(working(key, after(999))).toEqual(['first']);
    expect(working(key, after(1_000))).toEqual([]);
  });

  it('may do what it is for as far as its owner may do it now', () => {
    const key = aKey({ scopes: ['order:read', 'user:read'] });
    expect(permissionsOfKey(key, ['user:read', 'order:cancel'])).toEqual(['user:read']);
    expect(permissionsOfKey(key, [])).toEqual([]);
  });

  it('is managed by its owner, and by those who hold its scopes', () => {
    const key = aKey({ scopes: ['order:read', 'user:read'] });
    expect(mayManage({ id: 'user_1', permissions: [] }, key)).toBe(true);
    expect(mayManage({ id: 'user_2', permissions: ['user:read', 'order:read'] }, key)).toBe(true);
    expect(mayManage({ id: 'user_2', permissions: ['user:read'] }, key)).toBe(false);
  });
});

describe('rotation', () => {
  it('lets the secret before work until the overlap ends', () => {
    const key = rotated(aKey(), 'second', 60);
    expect(working(key, after(59_999))).toEqual(['second', 'first']);
    expect(working(key, after(60_000))).toEqual(['second']);
    expect(key).toMatchObject({ hint: 'hint of second', version: 2 });
  });

  it('without an overlap ends the secret before at once', () => {
    expect(working(rotated(aKey(), 'second', 0))).toEqual(['second']);
  });

  it('leaves two secrets at the most', () => {
    const key = rotated(rotated(aKey(), 'second', 3_600), 'third', 3_600, after(1));
    expect(working(key, after(2))).toEqual(['third', 'second']);
  });

  it('without an overlap ends also a secret that was to work longer', () => {
    expect(working(rotated(rotated(aKey(), 'second', 3_600), 'third', 0))).toEqual(['third']);
  });

  it.each([
    ['has expired', aKey({ expiresAt: after(1) })],
    ['was revoked', revokeApiKey(aKey(), NOW)],
  ])('is not for a key that %s', (_what, key) => {
    expect(rotateApiKey(key, secretNamed('second'), 60, after(1))).toEqual({
      ok: false,
      problems: [{ kind: 'no-longer-valid' }],
    });
  });
});

describe('revocation', () => {
  it('ends a key and forgets its secrets', () => {
    const key = revokeApiKey(rotated(aKey(), 'second', 60), after(1));
    expect(key).toMatchObject({ secrets: [], revokedAt: after(1), version: 3 });
    expect(working(key, after(1))).toEqual([]);
  });

  it('of what was revoked changes nothing', () => {
    const key = revokeApiKey(aKey(), NOW);
    expect(revokeApiKey(key, after(1))).toBe(key);
  });
});
