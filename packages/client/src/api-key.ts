/** What makes a client a program: with it, it is nobody who signs in. */
export interface ApiKeyOptions {
  /** The secret of an API key, `sk_live_…` or `sk_test_…`. Keep it on servers: whoever has a page has what is in it. */
  readonly apiKey?: string | undefined;
  /** Signs every request with the API key instead of sending it. The key must allow it: `allowSignature`. */
  readonly signRequests?: boolean | undefined;
}

/** A request as it is about to be sent. */
export interface Signable {
  readonly method: string;
  readonly url: string;
  /** Empty where there is none. */
  readonly body: string;
}

/** The headers that prove whom a request comes from; for one request only. */
export type Sign = (request: Signable) => Promise<Record<string, string>>;

const FORM = /^sk_(?:live|test)_([0-9a-z]{26})[0-9A-Za-z]{49}$/;
const NONCE_BYTES = 16;

/**
 * Signs as docs/api-keys.md says, by WebCrypto.
 * @throws TypeError when it is not the secret of an API key, or there is no WebCrypto: browsers have it on pages that
 * came by TLS.
 */
export function requestSigner(apiKey: string): Sign {
  const [, suffix] = FORM.exec(apiKey) ?? [];
  if (suffix === undefined) throw new TypeError('apiKey is not the secret of an API key.');
  // Not the case in pages without TLS, whatever the types say.
  if ((globalThis.crypto as Crypto | undefined)?.subtle === undefined) {
    throw new TypeError('Signing requests needs WebCrypto.');
  }
  const { subtle } = globalThis.crypto;
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = subtle.importKey('raw', bytesOf(apiKey), algorithm, false, ['sign']);

  return async ({ method, url, body }) => {
    // A Request knows what an address is relative to.
    const { pathname, search } = new URL(new Request(url).url);
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const nonce = base64url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
    const bodyHash = hex(new Uint8Array(await subtle.digest('SHA-256', bytesOf(body))));
    const text = ['SHOPGRAPH-HMAC-SHA256', timestamp, nonce, method, pathname + search, bodyHash].join('\n');
    const signature = base64url(new Uint8Array(await subtle.sign(algorithm.name, await key, bytesOf(text))));
    return { 'x-api-key-id': `apikey_${suffix}`, 'x-timestamp': timestamp, 'x-nonce': nonce, 'x-signature': signature };
  };
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
