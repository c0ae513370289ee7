import { createHash, createHmac, randomBytes } from 'node:crypto';

/** 256 bits: beyond guessing, so that a fast hash is enough to keep them. */
const TOKEN_BYTES = 32;

/** A new secret that means nothing by itself, in base64url. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** How a token is stored and found: SHA-256 in base64url. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/**
 * The token that follows `token`: HMAC-SHA256 over a random salt, keyed with the token itself. Whoever
 * shows the token can be given its successor again, though neither of the two is stored; the token
 * alone, or the salt alone, does not lead to it.
 */
export function successorOf(token: string, salt: string): string {
  return createHmac('sha256', token).update(salt).digest('base64url');
}
