import { ok, refuse, type Result } from '@shopgraph/kit';
import type { User } from './user';

/** What a user changes of themself. */
export interface ProfileChange {
  readonly name: string;
  /** Refuse unless the user has this version; null for whichever it is. */
  readonly expectedVersion: number | null;
}

export interface ProfileProblem {
  readonly kind: 'user-changed';
  readonly version: number;
}

/** Decides on a change of one's own profile; the same again changes nothing. */
export function changeProfile(user: User, { name, expectedVersion }: ProfileChange): Result<User, ProfileProblem> {
  if (expectedVersion !== null && expectedVersion !== user.version) {
    return refuse({ kind: 'user-changed', version: user.version });
  }
  return ok(name === user.name ? user : { ...user, name, version: user.version + 1 });
}
