import { createApiKeySecret, hashApiKeySecret, hintOfApiKeySecret, parseApiKeySecret, typeIds } from '../../src';

const keyId = 'apikey_01h455vb4pex5vsknk084sn02q';
/** The checksum of a secret whose 256 bits are all zero, worked out with Python's zlib. */
const KNOWN = `sk_test_01h455vb4pex5vsknk084sn02q${'0'.repeat(43)}00pAcd`;

describe('the secret of an API key', () => {
  it.each(['live', 'test'] as const)('has the form sk_%s_, id, 256 random bits, checksum', (mode) => {
    const secret = createApiKeySecret(keyId, mode);
    expect(secret).toMatch(new RegExp(`^sk_${mode}_01h455vb4pex5vsknk084sn02q[0-9A-Za-z]{49}$`));
    expect(parseApiKeySecret(secret)).toEqual({ keyId });
  });

  it('is another one each time', () => {
    expect(new Set(Array.from({ length: 100 }, () => createApiKeySecret(keyId, 'test'))).size).toBe(100);
  });

  it('ends in the CRC-32 of the rest', () => {
    expect(parseApiKeySecret(KNOWN)).toEqual({ keyId });
  });

  it('with one wrong character, or two that are swapped, is none', () => {
    const secret = createApiKeySecret(typeIds.next('apikey'), 'live');
    for (let index = 0; index < secret.length; index += 1) {
      const wrong = secret[index] === '0' ? '1' : '0';
      expect(parseApiKeySecret(secret.slice(0, index) + wrong + secret.slice(index + 1))).toBeNull();
      const [first = '', second = ''] = [secret[index], secret[index + 1] ?? secret[index]];
      if (first === second) continue;
      expect(parseApiKeySecret(secret.slice(0, index) + second + first + secret.slice(index + 2))).toBeNull();
    }
  });

  it.each([
    '',
    'sk_live_',
    keyId,
    `${KNOWN} `,
    KNOWN.replace('sk_test_', 'pk_test_'),
    KNOWN.slice(0, -1),
    `${KNOWN}0`,
    'x'.repeat(10_000),
  ])('is not %j', (text) => expect(parseApiKeySecret(text)).toBeNull());

  it('is kept as SHA-256, and shown as its start and its last four characters', () => {
    expect(hashApiKeySecret('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
    expect(hintOfApiKeySecret(KNOWN)).toBe(`sk_test_…${KNOWN.slice(-4)}`);
  });
});
