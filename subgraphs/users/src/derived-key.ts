import { hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;

/** A key of 256 bits for one purpose only, by HKDF-SHA256: no other can be told from it, nor the secret. */
export function derivedKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, KEY_BYTES));
}
