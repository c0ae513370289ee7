import { timingSafeEqual } from 'node:crypto';

/** Whether two digests are the same, in constant time for those of one length. */
export function isSameDigest(left: string | Buffer, right: string | Buffer): boolean {
  const [first, second] = [Buffer.from(left), Buffer.from(right)];
  return first.length === second.length && timingSafeEqual(first, second);
}
