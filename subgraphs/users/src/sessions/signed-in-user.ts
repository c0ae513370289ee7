import { DomainError, type Viewer } from '@shopgraph/kit';

/** The person who makes a call. @throws DomainError UNAUTHENTICATED, though the permissions have let only users pass. */
export function signedInUser(viewer: Viewer): Extract<Viewer, { kind: 'user' }> {
  if (viewer.kind !== 'user') throw new DomainError('UNAUTHENTICATED');
  return viewer;
}
