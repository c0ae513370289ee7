import { z } from 'zod';
import { DomainError } from './errors';
import { fromHeaderJson, toHeaderJson } from './header-json';

const clientSchema = z.object({
  ip: z.string(),
  userAgent: z.string().nullable(),
  /**
   * For the issuer of sessions only: what the client's refresh cookie holds, null for nothing. Left out for clients
   * that keep their refresh token themselves.
   */
  refreshToken: z.string().nullable().optional(),
});

/** Where a request comes from, as the gateway has seen it: for audit trails, lists of sessions, and limits. */
export type Client = z.infer<typeof clientSchema>;

/** Longer ones say nothing more. */
const MAX_USER_AGENT = 500;

/** The value of the `x-client` header: base64url over JSON. */
export function encodeClient({ userAgent, ...rest }: Client): string {
  const client: Client = { ...rest, userAgent: userAgent?.slice(0, MAX_USER_AGENT) ?? null };
  return toHeaderJson(client);
}

/**
 * Reads an `x-client` header, empty where none was sent. Only one whose signature was verified may be believed.
 * @throws DomainError UNAUTHENTICATED when it is no client.
 */
export function decodeClient(header: string): Client | null {
  if (header === '') return null;
  try {
    return clientSchema.parse(fromHeaderJson(header));
  } catch (cause) {
    throw new DomainError('UNAUTHENTICATED', { cause });
  }
}
