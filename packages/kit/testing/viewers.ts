import type { Permission } from '../src/permission-names';
import type { SigningKeys } from '../src/request-signature';
import type { Viewer } from '../src/viewer';

/** The keys that tests sign with. */
export const testKeys: SigningKeys = [{ id: 'test', secret: 's'.repeat(32) }];

/** Nobody known. */
export const anonymous: Viewer = { kind: 'anonymous' };

/** Somebody who is signed in, without permissions unless given. */
export function aUser({ id = 'user_1', permissions = [] as readonly Permission[] } = {}): Viewer {
  return { kind: 'user', id, sessionId: `session of ${id}`, permissions: [...permissions] };
}

/** A program with an API key, without permissions unless given. */
export function anApiKey({
  id = 'apikey_1',
  ownerId = 'user_1',
  permissions = [] as readonly Permission[],
} = {}): Viewer {
  return { kind: 'api-key', id, ownerId, permissions: [...permissions] };
}

/** A sibling subgraph. */
export function aService(name: string): Viewer {
  return { kind: 'service', name };
}
