import { createHash, createHmac } from 'node:crypto';
import { isRecent, isSignedWith, signedText } from '../../src/api-keys/request-signature';

const secret = 'sk_test_any';
const parts = {
  timestamp: '1767225600',
  nonce: 'a-nonce-of-16-chars',
  method: 'POST',
  path: '/graphql?a=%20b',
  bodyHash: createHash('sha256').update('{"query":"{ me { id } }"}').digest('hex'),
};
const signature = createHmac('sha256', secret).update(signedText(parts)).digest('base64url');
const request = { ...parts, signature };

describe('a signed request', () => {
  it('is signed over scheme, timestamp, nonce, method, path and hash of the body', () => {
    expect(signedText(parts).split('\n')).toEqual([
      'SHOPGRAPH-HMAC-SHA256',
      '1767225600',
      'a-nonce-of-16-chars',
      'POST',
      '/graphql?a=%20b',
      parts.bodyHash,
    ]);
  });

  it.each([
    ['the secret', [secret], true],
    ['the second of two secrets', ['sk_test_new', secret], true],
    ['another secret', ['sk_test_new'], false],
    ['no secret', [], false],
  ])('is verified with %s: %s', (_what, secrets, expected) => expect(isSignedWith(secrets, request)).toBe(expected));

  it.each([
    ['timestamp', '1767225601'],
    ['nonce', 'a-nonce-of-16-charz'],
    ['method', 'GET'],
    ['path', '/graphql?a=+b'],
    ['bodyHash', createHash('sha256').update('').digest('hex')],
    ['signature', createHmac('sha256', 'another').update(signedText(parts)).digest('base64url')],
    ['signature', signature.slice(0, 20)],
    ['signature', ''],
  ])('is not verified with another %s', (part, value) =>
    expect(isSignedWith([secret], { ...request, [part]: value })).toBe(false),
  );

  it.each([
    [0, true],
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
  ])('is recent %d seconds after its timestamp: %s', (age, expected) =>
    expect(isRecent(request, new Date((1_767_225_600 + age) * 1_000))).toBe(expected),
  );

  it('is not recent without a time', () => expect(isRecent({ timestamp: 'now' }, new Date())).toBe(false));
});
