import type { SecretBox } from '../secret-box';

/** Seals and opens secrets of one key, which open for no other. */
export function sealedIn(box: SecretBox, keyId: string) {
  const context = `secret of ${keyId}`;
  return {
    seal: (secret: string): string => box.seal(secret, context),
    open: (sealed: string): string => box.open(sealed, context),
  };
}
