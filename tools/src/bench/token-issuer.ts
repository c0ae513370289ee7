import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ISSUER = 'https://users.example';
const AUDIENCE = 'bench';
const KEY_ID = 'key_1';
const LIFE_SECONDS = 900;

/** Issues access tokens, and publishes the key that they are verified with. */
export interface TokenIssuer {
  readonly name: string;
  readonly audience: string;
  readonly jwksUrl: string;
  /** A new access token of one of many users, who may nothing, as the users subgraph makes them (RFC 7515, RFC 9068). */
  tokenOf(user: number): string;
  stop(): Promise<void>;
}

/** Publishes a new key on a free port. */
export async function startIssuer(): Promise<TokenIssuer> {
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'ES256', use: 'sig' }];
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    name: ISSUER,
    audience: AUDIENCE,
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    tokenOf(user) {
      const iat = Math.floor(Date.now() / 1_000);
      const claims = { iss: ISSUER, aud: AUDIENCE, sub: `user_${user}`, sid: `sess_${user}`, permissions: [], iat };
      const parts = [
        { alg: 'ES256', typ: 'at+jwt', kid: KEY_ID },
        { ...claims, exp: iat + LIFE_SECONDS },
      ];
      const content = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
      const signature = sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
      return `${content}.${signature.toString('base64url')}`;
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
