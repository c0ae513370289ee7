import type { AuditDetails } from './audit-details';

/** Where something was done from; both null where a service did it by itself, and once they were erased. */
export interface Where {
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** What an entry says for good. */
export interface AuditFacts {
  readonly id: string;
  readonly at: Date;
  /** Who did it, as `actorOf` names them. */
  readonly actor: string;
  /** One of `AUDIT_ACTIONS`, unless another version of this program wrote it. */
  readonly action: string;
  readonly subject: string;
  readonly details: AuditDetails | null;
  readonly requestId: string;
}

/** An entry of the audit log as it is kept. */
export interface RecordedEntry extends AuditFacts, Where {
  /** What `where` is digested with; null once both were erased. */
  readonly whereSalt: string | null;
  readonly whereDigest: string | null;
  /** Shows that it was us who erased `where`; null until then. */
  readonly erasure: string | null;
  /** Names the key of `mac`. */
  readonly keyId: string | null;
  /** Covers the facts and the digest of `where`. Null in what was written before there were any. */
  readonly mac: string | null;
  /** Its place in the log, from 1, without gaps; null until it has one. */
  readonly sequence: number | null;
  /** Covers `mac`, the place, and everything before it. */
  readonly chainHash: string | null;
}

/** A place in the log, and the hash of everything up to there. */
export interface ChainHead {
  readonly sequence: number;
  readonly chainHash: string;
}

/** Where every log starts. */
export const GENESIS: ChainHead = { sequence: 0, chainHash: 'genesis' };

/** How people note a head: `<sequence>:<hash>`. */
export function headText({ sequence, chainHash }: ChainHead): string {
  return `${sequence}:${chainHash}`;
}

/** Reads what `headText` has written; null when it is none. */
export function readHead(text: string): ChainHead | null {
  const [, sequence, chainHash] = /^(\d{1,15}):([\w-]{43}|genesis)$/.exec(text) ?? [];
  return sequence === undefined || chainHash === undefined ? null : { sequence: Number(sequence), chainHash };
}
