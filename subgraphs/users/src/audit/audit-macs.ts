import { createHmac, randomBytes } from 'node:crypto';
import { derivedKey } from '../derived-key';
import type { AuditFacts, ChainHead, RecordedEntry, Where } from './audit-entry';
import { canonicalJson } from './canonical-json';

const SALT_BYTES = 16;
const KEY_ID_LENGTH = 8;
/** Known to everybody who reads this: without KEY_ENCRYPTION_SECRET the log shows accidents, not attacks. */
const DEVELOPMENT_SECRET = 'shopgraph development';

type MarkName = 'head' | 'checkpoint';
type Sealed = Pick<RecordedEntry, 'keyId' | 'mac' | 'whereDigest' | 'whereSalt'>;

/** Message authentication codes of the audit log, HMAC-SHA256 in base64url: only who has the key can make them. */
export class AuditMacs {
  private readonly current: MacKey;
  private readonly keys: readonly MacKey[];

  /** @param secrets KEY_ENCRYPTION_SECRET, which the keys are derived from: the first makes codes, all check them. */
  constructor([secret = DEVELOPMENT_SECRET, ...previous]: readonly string[] = []) {
    this.current = keyOf(secret);
    this.keys = [this.current, ...previous.map(keyOf)];
  }

  /** What a new entry carries: `where` goes in by a salted digest, so that it can be erased later. */
  seal(facts: AuditFacts, where: Where): Sealed {
    const whereSalt = randomBytes(SALT_BYTES).toString('base64url');
    const whereDigest = digestOf(whereSalt, where);
    return { keyId: this.current.id, whereSalt, whereDigest, mac: ofFacts(this.current, facts, whereDigest) };
  }

  /** Whether it is one of our keys. */
  isKnown(keyId: string | null): boolean {
    return this.keys.some(({ id }) => id === keyId);
  }

  /** Whether an entry says what it said when we wrote it, or has lost `where` by our hand and nothing else. */
  isGenuine(entry: RecordedEntry): boolean {
    const { whereSalt, ip, userAgent, whereDigest, keyId, id, mac, erasure } = entry;
    const isWhereOurs =
      whereSalt === null
        ? ip === null && userAgent === null && this.keys.some((key) => erasure === code(key, 'erasure', id))
        : whereDigest === digestOf(whereSalt, entry);
    const key = this.keys.find((known) => known.id === keyId);
    return isWhereOurs && key !== undefined && mac === ofFacts(key, entry, whereDigest);
  }

  /** Shows that `where` of this entry was erased on purpose. */
  ofErasure(entryId: string): string {
    return code(this.current, 'erasure', entryId);
  }

  /** The place after `previous` for an entry of this MAC. */
  next(previous: ChainHead, mac: string | null): ChainHead {
    return placeAfter(this.current, previous, mac);
  }

  /** Whether a hash is that of the place after `previous` for an entry of this MAC. */
  isNext(previous: ChainHead, mac: string | null, chainHash: string | null): boolean {
    return this.keys.some((key) => placeAfter(key, previous, mac).chainHash === chainHash);
  }

  /** Shows that it was us who noted how far the log goes, or since where it was kept. */
  ofMark(name: MarkName, { sequence, chainHash }: ChainHead): string {
    return code(this.current, name, { sequence, chainHash });
  }

  /** Whether it was us. */
  isMark(name: MarkName, { sequence, chainHash, mac }: ChainHead & { readonly mac: string }): boolean {
    return this.keys.some((key) => mac === code(key, name, { sequence, chainHash }));
  }
}

interface MacKey {
  /** Names the key without telling anything about it. */
  readonly id: string;
  readonly bytes: Buffer;
}

function keyOf(secret: string): MacKey {
  const bytes = derivedKey(secret, 'shopgraph users audit log');
  return { id: code({ bytes }, 'key id', null).slice(0, KEY_ID_LENGTH), bytes };
}

function placeAfter(key: MacKey, previous: ChainHead, mac: string | null): ChainHead {
  const sequence = previous.sequence + 1;
  return { sequence, chainHash: code(key, 'link', { previous: previous.chainHash, sequence, mac }) };
}

function ofFacts(
  key: MacKey,
  { id, at, actor, action, subject, details, requestId }: AuditFacts,
  whereDigest: string | null,
): string {
  return code(key, 'entry', { id, at, actor, action, subject, details, requestId, whereDigest });
}

/** @param kind Keeps codes for one purpose from being taken for another's. */
function code({ bytes }: Pick<MacKey, 'bytes'>, kind: string, value: unknown): string {
  return createHmac('sha256', bytes)
    .update(canonicalJson([kind, value]))
    .digest('base64url');
}

function digestOf(salt: string, { ip, userAgent }: Where): string {
  return createHmac('sha256', salt).update(canonicalJson({ ip, userAgent })).digest('base64url');
}
