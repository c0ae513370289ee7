import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseApiKeySecret } from '@shopgraph/kit';
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

describe('the worked example in docs/api-keys.md', () => {
  const text = readFileSync(join(__dirname, '../../../../docs/api-keys.md'), 'utf8');
  const valueOf = (name: string) => new RegExp(`^${name}='?(.*?)'?$`, 'm').exec(text)?.[1] ?? '';
  const [, bodyHash = '', signature = ''] = /^prints\n\n```\n(.+)\n(.+)\n```$/m.exec(text) ?? [];

  it('is right', () => {
    const secret = valueOf('SECRET');
    const example = { timestamp: valueOf('TIMESTAMP'), nonce: valueOf('NONCE'), method: 'POST', path: '/graphql' };
    expect(createHash('sha256').update(valueOf('BODY')).digest('hex')).toBe(bodyHash);
    expect(isSignedWith([secret], { ...example, bodyHash, signature })).toBe(true);
    const keyId = parseApiKeySecret(secret)?.keyId ?? 'none';
    expect(text).toContain(`-H 'x-api-key-id: ${keyId}'`);
  });

  it('names the lines in their order', () => {
    const names = { timestamp: '<1>', nonce: '<2>', method: '<3>', path: '<4>', bodyHash: '<5>' };
    const [, lines = ''] = /```\n(SHOPGRAPH-HMAC-SHA256\n<[^`]*)```/.exec(text) ?? [];
    const named = ['x-timestamp', 'x-nonce', 'method', 'path', 'SHA-256'];
    expect(lines.trim().split('\n')).toHaveLength(signedText(names).split('\n').length);
    lines
      .trim()
      .split('\n')
      .slice(1)
      .forEach((line, index) => expect(line).toContain(`<${named[index]}`));
  });
});
