import { GraphQLDateTime } from '@shopgraph/kit';
import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType('Session', { description: 'One sign-in on one device.' })
export class SessionType {
  @Field(() => ID, { description: 'Id of the session.' })
  id!: string;

  @Field(() => GraphQLDateTime, { description: 'When they signed in.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When it was last refreshed.' })
  lastUsedAt!: Date;

  @Field(() => Boolean, { description: 'Whether this request is made in it.' })
  current!: boolean;
}
