import { digestOf } from './cache-keys';

/** The entity tag of an answer (RFC 9110, 8.8.3): a weak one, because it may be compressed on its way. */
export function etagOf(text: string): string {
  return `W/"${digestOf(text)}"`;
}

/** Whether an If-None-Match header names the entity tag (RFC 9110, 13.1.2), so that the client has the answer already. */
export function namesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((tag) => opaque(tag) === '*' || opaque(tag) === opaque(etag));
}
