import { createHmac } from 'node:crypto';
import { isSameDigest } from '@shopgraph/kit';

/** The first line of what is signed, so that a signature means nothing anywhere else. */
const SCHEME = 'SHOPGRAPH-HMAC-SHA256';

/** How far the clock of a program may be off, either way. */
export const MAX_SKEW_SECONDS = 300;

/** A request as a program has signed it. */
export interface SignedRequest {
  /** Seconds since 1970, as sent. */
  readonly timestamp: string;
  readonly nonce: string;
  /** In capitals. */
  readonly method: string;
  /** With its query, as sent. */
  readonly path: string;
  /** SHA-256 of the body's bytes, in hexadecimal; of nothing where there is no body. */
  readonly bodyHash: string;
  /** HMAC-SHA256 in base64url. */
  readonly signature: string;
}

/** What is signed: no part of it can contain a line feed, so it has one reading only. */
export function signedText({ timestamp, nonce, method, path, bodyHash }: Omit<SignedRequest, 'signature'>): string {
  return [SCHEME, timestamp, nonce, method, path, bodyHash].join('\n');
}

/** Whether one of these secrets has signed the request. Takes as long whichever of them it was, or none. */
export function isSignedWith(secrets: readonly string[], request: SignedRequest): boolean {
  const given = Buffer.from(request.signature, 'base64url');
  const text = signedText(request);
  const matches = secrets.filter((secret) => {
    const expected = createHmac('sha256', secret).update(text).digest();
    return isSameDigest(given, expected);
  });
  return matches.length > 0;
}

/** Whether a request was signed at about this time. */
export function isRecent({ timestamp }: Pick<SignedRequest, 'timestamp'>, now: Date): boolean {
  return Math.abs(Math.floor(now.getTime() / 1_000) - Number(timestamp)) <= MAX_SKEW_SECONDS;
}
