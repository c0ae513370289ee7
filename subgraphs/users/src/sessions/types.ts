import { GraphQLDateTime, type Viewer } from '@shopgraph/kit';
import { Field, ID, ObjectType } from 'type-graphql';
import { deviceOf } from './device';
import type { Session } from './session';

@ObjectType('Session', { description: 'One sign-in on one device.' })
export class SessionType {
  @Field(() => ID, { description: 'Id of the session.' })
  id!: string;

  @Field(() => GraphQLDateTime, { description: 'When they signed in.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When it was last refreshed.' })
  lastUsedAt!: Date;

  @Field(() => String, {
    description: 'The device that last used it, as people call it: `Firefox on Windows`, or `Unknown device`.',
  })
  device!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The address that it was last refreshed from; null where that is not known.',
  })
  ip!: string | null;

  @Field(() => Boolean, { description: 'Whether this request is made in it.' })
  current!: boolean;
}

/** A session as clients see it; what exactly its user agent is stays here. */
export function toGraphSession({ id, createdAt, lastUsedAt, ip, userAgent }: Session, viewer: Viewer): SessionType {
  const current = viewer.kind === 'user' && viewer.sessionId === id;
  return { id, createdAt, lastUsedAt, device: deviceOf(userAgent), ip, current };
}
