/** How long verifiers may keep the published keys without asking again. */
export const JWKS_MAX_AGE_SECONDS = 300;
/** How long a replica of this service goes on with the keys that it has read. */
export const KEYS_REREAD_MS = 60_000;
/** A key is published for so long before it signs that every replica and verifier knows it by then. */
const ANNOUNCEMENT_MS = JWKS_MAX_AGE_SECONDS * 1_000 + 2 * KEYS_REREAD_MS;
/** Clocks of verifiers may be late by this much. */
const CLOCK_SKEW_MS = 60_000;

/** What decides over the use of a key; there is no other state. */
export interface KeyTerms {
  /** 1, 2, 3, …: every key replaces the one before. */
  readonly sequence: number;
  readonly signsFrom: Date;
}

/** The terms of the key that follows `keys`: the first signs at once, the others after their announcement. */
export function nextKeyTerms(keys: readonly KeyTerms[], now: Date): KeyTerms {
  const newest = newestOf(keys);
  if (!newest) return { sequence: 1, signsFrom: now };
  return { sequence: newest.sequence + 1, signsFrom: new Date(now.getTime() + ANNOUNCEMENT_MS) };
}

/** The key that signs now: the newest one whose time has come. */
export function signingKeyAt<Key extends KeyTerms>(keys: readonly Key[], now: Date): Key | undefined {
  return newestOf(keys.filter(({ signsFrom }) => signsFrom <= now));
}

/** The keys that verifiers need now: all those by which a token that still lives may be signed, and the announced one. */
export function publishedKeysAt<Key extends KeyTerms>(
  keys: readonly Key[],
  now: Date,
  accessTokenSeconds: number,
): Key[] {
  const lifeMs = accessTokenSeconds * 1_000 + CLOCK_SKEW_MS + KEYS_REREAD_MS;
  return keys.filter((key) => {
    const successor = keys.find(({ sequence }) => sequence === key.sequence + 1);
    return !successor || successor.signsFrom.getTime() + lifeMs > now.getTime();
  });
}

/** Whether the newest key was made `days` ago or longer. */
export function isRotationDue(keys: readonly KeyTerms[], now: Date, days: number): boolean {
  const newest = newestOf(keys);
  return !newest || now.getTime() - newest.signsFrom.getTime() >= days * 86_400_000;
}

function newestOf<Key extends KeyTerms>(keys: readonly Key[]): Key | undefined {
  return keys.reduce<Key | undefined>(
    (newest, key) => (newest && newest.sequence > key.sequence ? newest : key),
    undefined,
  );
}
