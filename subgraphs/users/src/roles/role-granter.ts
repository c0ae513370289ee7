import { DomainError, type Viewer } from '@shopgraph/kit';

/** Who gives, takes or changes roles, and what they may do themselves. */
export interface RoleGranter {
  /** Of the person behind it, also where a program acts. */
  readonly id: string;
  readonly permissions: readonly string[];
}

/**
 * The granter behind a call: a program with an API key acts for its owner, so that nobody raises themself by one.
 * @throws DomainError FORBIDDEN for everybody else.
 */
export function granterOf(viewer: Viewer): RoleGranter {
  switch (viewer.kind) {
    case 'user':
      return viewer;
    case 'api-key':
      return { id: viewer.ownerId, permissions: viewer.permissions };
    case 'anonymous':
    case 'service':
      throw new DomainError('FORBIDDEN');
  }
}
