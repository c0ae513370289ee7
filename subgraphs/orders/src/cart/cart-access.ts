import { createHash, randomBytes } from 'node:crypto';
import { isSameDigest, type Viewer } from '@shopgraph/kit';
import type { Cart } from './cart';

const TOKEN_BYTES = 32;

/** A guest's key to a cart: 256 random bits. It is given out once; what is kept is its hash. */
export function newCartToken(): { token: string; tokenHash: string } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return { token, tokenHash: hashOf(token) };
}

/** Whether a cart is there for this viewer: its owner, or whoever knows a guest cart's token. */
export function mayUseCart(cart: Cart, viewer: Viewer, token: string | null, now: Date): boolean {
  if (cart.expiresAt <= now) return false;
  if (cart.customerId !== null) return viewer.kind === 'user' && viewer.id === cart.customerId;
  return cart.tokenHash !== null && token !== null && isSameDigest(hashOf(token), cart.tokenHash);
}

// Nothing slower is needed: 256 random bits cannot be guessed from a hash.
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
