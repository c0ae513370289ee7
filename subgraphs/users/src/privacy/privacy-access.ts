import { actorOf, isPermitted, type Viewer } from '@shopgraph/kit';
import type { PrivacyJob } from './privacy-job';

/** Whether an account is the viewer's own, who must have come by themself: programs are not their owners. */
export function isOwnAccount(userId: string, viewer: Viewer): boolean {
  return viewer.kind === 'user' && viewer.id === userId;
}

/** Whether a job is there for this viewer: whom it is about, who has asked for it, and `user:privacy`. */
export function maySeeJob({ userId, requestedBy }: PrivacyJob, viewer: Viewer): boolean {
  if (viewer.kind !== 'user' && viewer.kind !== 'api-key') return false;
  return mayReadExportOf(userId, viewer) || requestedBy === actorOf(viewer);
}

/** Whether this viewer may read what is held of a user; who has asked may have lost the permission since. */
export function mayReadExportOf(userId: string, viewer: Viewer): boolean {
  return isOwnAccount(userId, viewer) || isPermitted(viewer, 'user:privacy');
}
