import { graphqlEnum, GraphQLDateTime, Tag, UserError } from '@shopgraph/kit';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { RoleType } from '../roles/types';
import { SessionType } from '../sessions/types';
import type { UserStatus } from './user';

export const UserStatusEnum = graphqlEnum<UserStatus>(
  'UserStatus',
  'Whether an account waits for its address to be confirmed, is in use, is closed, or holds no person any more.',
  {
    UNVERIFIED: 'The address is not confirmed yet: signing in is not possible.',
    ACTIVE: 'In use.',
    DEACTIVATED: 'Closed by staff; can be opened again.',
    ANONYMISED: 'Everything personal was erased, for good.',
  },
);

@Directive('@key(fields: "id")')
@ObjectType('User', { description: 'Somebody with an account. Visible to themself, and to staff with `user:read`.' })
export class UserType {
  @Field(() => ID, { description: 'Id of the user.' })
  id!: string;

  @Field(() => String, { description: 'The e-mail address, in lower case.' })
  email!: string;

  @Field(() => String, { description: 'How they want to be called.' })
  name!: string;

  @Field(() => Boolean, { description: 'Whether they have shown that the address is theirs.' })
  emailVerified!: boolean;

  @Field(() => UserStatusEnum, { description: 'The state of the account.' })
  status!: UserStatus;

  @Tag('internal')
  @Field(() => [RoleType], {
    description: 'Their roles. Staff see those which permit nothing beyond what they hold themselves.',
  })
  roles!: RoleType[];

  @Tag('internal')
  @Field(() => [String], {
    description: 'Everything that these roles permit, sorted, by the names that access tokens carry: `user:read`.',
  })
  permissions!: string[];

  @Field(() => [SessionType], { description: 'Where they are signed in, last used first.' })
  sessions!: SessionType[];

  @Field(() => Int, { description: 'Rises with every change.' })
  version!: number;

  @Field(() => GraphQLDateTime, { description: 'When they registered.' })
  createdAt!: Date;
}

@ObjectType({ description: 'What became of a registration.' })
export class RegisterPayload {
  @Field(() => Boolean, { description: 'Whether a mail is on its way; says nothing about who has an account.' })
  accepted!: boolean;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was accepted.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of a request that a mail answers.' })
export class AcknowledgePayload {
  @Field(() => Boolean, { description: 'Whether it was taken; says nothing about who has an account.' })
  accepted!: boolean;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was accepted.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of a change of a user.' })
export class UserPayload {
  @Field(() => UserType, { nullable: true, description: 'The user afterwards; null when refused.' })
  user!: UserType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}
