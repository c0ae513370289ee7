import { z } from 'zod';
import { fromHeaderJson, toHeaderJson } from './header-json';

/** The header in which the issuer of sessions tells the gateway what becomes of a client's refresh cookie. */
export const REFRESH_COOKIE_HEADER = 'x-refresh-cookie';

const changeSchema = z.object({ token: z.string().nullable(), maxAgeSeconds: z.number().int().nonnegative() });

/** A refresh token that the cookie is to hold from now on, and for how long; null when it is to hold none. */
export type RefreshCookieChange = z.infer<typeof changeSchema>;

/** The value of the header: base64url over JSON. */
export function encodeRefreshCookie(change: RefreshCookieChange): string {
  return toHeaderJson(change);
}

/** Reads the header. @throws Error when it says nothing that makes sense. */
export function decodeRefreshCookie(header: string): RefreshCookieChange {
  return changeSchema.parse(fromHeaderJson(header));
}
