import type { Viewer } from '@shopgraph/kit';

/** Who an answer to a viewer may be shown to. */
export interface Audience {
  /** For answers that are public: those who are permitted the same, because a subgraph shows more to some. */
  readonly everybody: string;
  /** For answers that are private: this viewer in this session; null for somebody who is nobody known. */
  readonly viewer: string | null;
}

const audiences = new WeakMap<Viewer, Audience>();

/** The audience of a viewer's answers, made once for each request. */
export function audienceOf(viewer: Viewer): Audience {
  let audience = audiences.get(viewer);
  if (!audience) {
    audience = madeFor(viewer);
    audiences.set(viewer, audience);
  }
  return audience;
}

function madeFor(viewer: Viewer): Audience {
  const permissions = 'permissions' in viewer ? [...viewer.permissions].sort() : [];
  const everybody = `public ${JSON.stringify(permissions)}`;
  switch (viewer.kind) {
    case 'anonymous':
      return { everybody, viewer: null };
    case 'user':
      return { everybody, viewer: `private ${JSON.stringify([viewer.id, viewer.sessionId, permissions])}` };
    case 'api-key':
      return { everybody, viewer: `private ${JSON.stringify([viewer.id, viewer.ownerId, permissions])}` };
    case 'service':
      return { everybody: `service ${viewer.name}`, viewer: null };
  }
}
