import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { isTypeId } from './ids';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const KEY_PREFIX = 'apikey';
/** What tells scanners of leaked secrets, and people, what they have found. */
const PREFIXES = { live: 'sk_live_', test: 'sk_test_' } as const;
const RANDOM_BYTES = 32;
/** Base62 digits of 256 bits, and of 32. */
const RANDOM_DIGITS = 43;
const CHECKSUM_DIGITS = 6;
const SHOWN_DIGITS = 4;

const FORM = new RegExp(`^(sk_(?:live|test)_)([0-9a-z]{26})[0-9A-Za-z]{${RANDOM_DIGITS + CHECKSUM_DIGITS}}$`);

/** Whether a key was made in production. */
export type ApiKeyMode = keyof typeof PREFIXES;

/**
 * A new secret of an API key: `sk_live_` or `sk_test_`, the 26 characters of the key's id (`apikey_…`), 43 base62
 * digits that are 256 random bits, and 6 that are the CRC-32 of all before them.
 */
export function createApiKeySecret(keyId: string, mode: ApiKeyMode): string {
  const random = base62(BigInt(`0x${randomBytes(RANDOM_BYTES).toString('hex')}`), RANDOM_DIGITS);
  const start = `${PREFIXES[mode]}${keyId.slice(`${KEY_PREFIX}_`.length)}${random}`;
  return start + checksumOf(start);
}

/** The key that a secret belongs to, which need not exist; null for what is no secret, a mistyped one for example. */
export function parseApiKeySecret(text: string): { readonly keyId: string } | null {
  const [, , suffix] = FORM.exec(text) ?? [];
  const keyId = `${KEY_PREFIX}_${suffix}`;
  const isWhole = text.slice(-CHECKSUM_DIGITS) === checksumOf(text.slice(0, -CHECKSUM_DIGITS));
  return isWhole && isApiKeyId(keyId) ? { keyId } : null;
}

/** Whether `value` is an id that API keys have. */
export function isApiKeyId(value: unknown): value is string {
  return isTypeId(value, KEY_PREFIX);
}

/** How a secret is kept and compared: SHA-256 in base64url. Nothing slower is needed: 256 bits are beyond guessing. */
export function hashApiKeySecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** What people recognise a secret by, and nobody can use: `sk_live_…x9Yz`. */
export function hintOfApiKeySecret(secret: string): string {
  return `${secret.slice(0, PREFIXES.live.length)}…${secret.slice(-SHOWN_DIGITS)}`;
}

function checksumOf(text: string): string {
  return base62(BigInt(crc32(text)), CHECKSUM_DIGITS);
}

function base62(value: bigint, length: number): string {
  let [digits, rest] = ['', value];
  while (rest > 0n) {
    digits = `${DIGITS[Number(rest % 62n)]}${digits}`;
    rest /= 62n;
  }
  return digits.padStart(length, '0');
}
