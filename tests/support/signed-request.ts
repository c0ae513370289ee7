import { createHash, createHmac, randomUUID } from 'node:crypto';
import { request } from 'undici';

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface SigningOptions {
  readonly skewSeconds?: number;
  readonly method?: WireRequest['method'];
}

/** A request signed as docs/api-keys.md says, `skewSeconds` away from `now`. */
export function aSignedRequest(
  secret: string,
  query: string,
  now: Date,
  { skewSeconds = 0, method = 'POST' }: SigningOptions = {},
): WireRequest {
  const path = method === 'GET' ? `/graphql?query=${encodeURIComponent(query)}` : '/graphql';
  const body = method === 'GET' ? '' : JSON.stringify({ query });
  const timestamp = String(Math.floor(now.getTime() / 1_000) + skewSeconds);
  const nonce = randomUUID();
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const text = ['SHOPGRAPH-HMAC-SHA256', timestamp, nonce, method, path, bodyHash].join('\n');
  const headers = {
    'content-type': 'application/json',
    'apollo-require-preflight': 'true',
    'x-api-key-id': `apikey_${secret.slice(8, 34)}`,
    'x-timestamp': timestamp,
    'x-nonce': nonce,
    'x-signature': createHmac('sha256', secret).update(text).digest('base64url'),
  };
  return { method, path, body, headers };
}

/** Sends it: the HTTP status, and the code of the first error. */
export async function sendWire(
  origin: string,
  { method, path, body, headers }: WireRequest,
): Promise<readonly [number, string | undefined]> {
  const response = await request(origin + path, { method, headers, ...(method === 'POST' && { body }) });
  const answer = (await response.body.json()) as { errors?: { extensions: { code: string } }[] };
  return [response.statusCode, answer.errors?.[0]?.extensions.code];
}
