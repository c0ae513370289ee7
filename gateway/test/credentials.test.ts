import { credentialOf } from '../src/api-keys/credentials';

const signature = {
  'x-api-key-id': 'apikey_01h455vb4pex5vsknk084sn02q',
  'x-timestamp': '1767225600',
  'x-nonce': 'n'.repeat(16),
  'x-signature': 's'.repeat(43),
};

describe('a request says whom it comes from by', () => {
  it.each([
    ['nothing', {}, { kind: 'none' }],
    ['an access token', { authorization: 'Bearer ey.J.x' }, { kind: 'token', authorization: 'Bearer ey.J.x' }],
    ['what is no token', { authorization: 'Basic YTpi' }, { kind: 'token', authorization: 'Basic YTpi' }],
    ['an API key as Bearer', { authorization: 'bearer sk_live_1' }, { kind: 'api-key', secret: 'sk_live_1' }],
    ['an API key of its own', { 'x-api-key': 'sk_live_1' }, { kind: 'api-key', secret: 'sk_live_1' }],
    [
      'the same API key twice',
      { authorization: 'Bearer sk_live_1', 'x-api-key': 'sk_live_1' },
      { kind: 'api-key', secret: 'sk_live_1' },
    ],
    [
      'a signature',
      signature,
      {
        kind: 'signature',
        signature: {
          keyId: signature['x-api-key-id'],
          timestamp: signature['x-timestamp'],
          nonce: signature['x-nonce'],
          signature: signature['x-signature'],
        },
      },
    ],
  ])('%s', (_what, headers, expected) => expect(credentialOf(headers)).toEqual(expected));

  it.each([
    ['two API keys', { authorization: 'Bearer sk_live_1', 'x-api-key': 'sk_live_2' }, 'UNAUTHENTICATED'],
    ['an API key and a token', { authorization: 'Bearer ey.J.x', 'x-api-key': 'sk_live_1' }, 'UNAUTHENTICATED'],
    ['a signature and an API key', { ...signature, 'x-api-key': 'sk_live_1' }, 'UNAUTHENTICATED'],
    ['a signature and a token', { ...signature, authorization: 'Bearer ey.J.x' }, 'UNAUTHENTICATED'],
    ['a signature without a key', { ...signature, 'x-api-key-id': undefined }, 'SIGNATURE_INVALID'],
    [
      'a signature of another id',
      { ...signature, 'x-api-key-id': 'user_01h455vb4pex5vsknk084sn02q' },
      'SIGNATURE_INVALID',
    ],
    ['a signature without a time', { ...signature, 'x-timestamp': undefined }, 'SIGNATURE_INVALID'],
    ['a signature at no time', { ...signature, 'x-timestamp': '1e9' }, 'SIGNATURE_INVALID'],
    ['a short nonce', { ...signature, 'x-nonce': 'n'.repeat(15) }, 'SIGNATURE_INVALID'],
    ['a long nonce', { ...signature, 'x-nonce': 'n'.repeat(65) }, 'SIGNATURE_INVALID'],
    ['a nonce with a line feed', { ...signature, 'x-nonce': `${'n'.repeat(16)}\n` }, 'SIGNATURE_INVALID'],
    ['no signature', { ...signature, 'x-signature': undefined }, 'SIGNATURE_INVALID'],
  ])('not by %s', (_what, headers, code) => {
    expect(() => credentialOf(headers)).toThrow(expect.objectContaining({ code }));
  });
});
