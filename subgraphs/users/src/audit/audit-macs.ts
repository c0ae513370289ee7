import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { AuditFacts, ChainHead, RecordedEntry, Where } from './audit-entry';
import { canonicalJson } from './canonical-json';

const KEY_BYTES = 32;
const SALT_BYTES = 16;
const KEY_ID_LENGTH = 8;
/** Known to everybody who reads this: without KEY_ENCRYPTION_SECRET the log shows accidents, not attacks. */
const DEVELOPMENT_SECRET = 'shopgraph development';

type MarkName = 'head' | 'checkpoint';
type Sealed = Pick<RecordedEntry, 'keyId' | 'mac' | 'whereDigest' | 'whereSalt'>;

/** Message authentication codes of the audit log, HMAC-SHA256 in base64url: only who has the key can make them. */
export class AuditMacs {
  /** Names the key without telling anything about it. */
  readonly keyId: string;
  private readonly key: Buffer;

  /** @param secret KEY_ENCRYPTION_SECRET, which the key is derived from. */
  constructor(secret: string = DEVELOPMENT_SECRET) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'shopgraph users audit log', KEY_BYTES));
    this.keyId = this.of('key id', null).slice(0, KEY_ID_LENGTH);
  }

  /** What a new entry carries: `where` goes in by a salted digest, so that it can be erased later. */
  seal(facts: AuditFacts, where: Where): Sealed {
    const whereSalt = randomBytes(SALT_BYTES).toString('base64url');
    const whereDigest = digestOf(whereSalt, where);
    return { keyId: this.keyId, whereSalt, whereDigest, mac: this.ofFacts(facts, whereDigest) };
  }

  /** Whether an entry says what it said when we wrote it, or has lost `where` by our hand and nothing else. */
  isGenuine(entry: RecordedEntry): boolean {
    const { whereSalt, ip, userAgent } = entry;
    const isWhereOurs =
      whereSalt === null
        ? ip === null && userAgent === null && entry.erasure === this.ofErasure(entry.id)
        : entry.whereDigest === digestOf(whereSalt, entry);
    return isWhereOurs && entry.mac === this.ofFacts(entry, entry.whereDigest);
  }

  /** Shows that `where` of this entry was erased on purpose. */
  ofErasure(entryId: string): string {
    return this.of('erasure', entryId);
  }

  /** The place after `previous` for an entry of this MAC. */
  next(previous: ChainHead, mac: string | null): ChainHead {
    const sequence = previous.sequence + 1;
    return { sequence, chainHash: this.of('link', { previous: previous.chainHash, sequence, mac }) };
  }

  /** Shows that it was us who noted how far the log goes, or since where it was kept. */
  ofMark(name: MarkName, { sequence, chainHash }: ChainHead): string {
    return this.of(name, { sequence, chainHash });
  }

  private ofFacts({ id, at, actor, action, subject, details, requestId }: AuditFacts, whereDigest: string | null) {
    return this.of('entry', { id, at, actor, action, subject, details, requestId, whereDigest });
  }

  /** @param kind Keeps codes for one purpose from being taken for another's. */
  private of(kind: string, value: unknown): string {
    return createHmac('sha256', this.key)
      .update(canonicalJson([kind, value]))
      .digest('base64url');
  }
}

function digestOf(salt: string, { ip, userAgent }: Where): string {
  return createHmac('sha256', salt).update(canonicalJson({ ip, userAgent })).digest('base64url');
}
