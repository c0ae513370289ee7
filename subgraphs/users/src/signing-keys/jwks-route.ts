import type { FastifyInstance } from 'fastify';
import type { KeyRing } from './key-ring';
import { JWKS_MAX_AGE_SECONDS } from './signing-key';

/** Publishes the keys that verify access tokens at GET /.well-known/jwks.json, to everybody. */
export function publishKeys(app: FastifyInstance, keyRing: KeyRing): void {
  app.get('/.well-known/jwks.json', async (_request, reply) => {
    void reply.header('cache-control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`);
    return { keys: await keyRing.publicKeys() };
  });
}
