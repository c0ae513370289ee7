import type { IncomingHttpHeaders } from 'node:http';
import { DomainError, isApiKeyId } from '@shopgraph/kit';

/** What a program signs its requests with, as it came. */
export interface RequestSignature {
  readonly keyId: string;
  /** Seconds since 1970. */
  readonly timestamp: string;
  readonly nonce: string;
  /** HMAC-SHA256 in base64url. */
  readonly signature: string;
}

/** How a request says whom it comes from. */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly authorization: string }
  | { readonly kind: 'api-key'; readonly secret: string }
  | { readonly kind: 'signature'; readonly signature: RequestSignature };

/** How API keys begin, and no access token does. */
const API_KEY_BEARER = /^Bearer +(sk_.*)$/i;

/**
 * The one credential of a request: an access token or an API key in `Authorization: Bearer …`, an API key in
 * `x-api-key`, or a signature in `x-api-key-id`, `x-timestamp`, `x-nonce` and `x-signature`.
 * @throws DomainError UNAUTHENTICATED for two that differ; SIGNATURE_INVALID for a signature of the wrong form.
 */
export function credentialOf(headers: IncomingHttpHeaders): Credential {
  const { authorization } = headers;
  const apiKey = textOf(headers['x-api-key']);
  if (headers['x-api-key-id'] !== undefined || headers['x-signature'] !== undefined) {
    if (authorization !== undefined || apiKey !== undefined) throw new DomainError('UNAUTHENTICATED');
    return { kind: 'signature', signature: signatureOf(headers) };
  }
  const [, bearer] = API_KEY_BEARER.exec(authorization ?? '') ?? [];
  if (apiKey !== undefined) {
    if (authorization !== undefined && bearer !== apiKey) throw new DomainError('UNAUTHENTICATED');
    return { kind: 'api-key', secret: apiKey };
  }
  if (bearer !== undefined) return { kind: 'api-key', secret: bearer };
  return authorization === undefined ? { kind: 'none' } : { kind: 'token', authorization };
}

function signatureOf(headers: IncomingHttpHeaders): RequestSignature {
  const [keyId = '', timestamp = '', nonce = '', signature = ''] = [
    textOf(headers['x-api-key-id']),
    textOf(headers['x-timestamp']),
    textOf(headers['x-nonce']),
    textOf(headers['x-signature']),
  ];
  const isWellFormed =
    isApiKeyId(keyId) && /^\d{1,12}$/.test(timestamp) && /^[\w-]{16,64}$/.test(nonce) && /^[\w-]{43}$/.test(signature);
  if (!isWellFormed) throw new DomainError('SIGNATURE_INVALID');
  return { keyId, timestamp, nonce, signature };
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
