import { Cost, GraphQLDateTime, graphqlEnum, PageArgs, TrimmedString } from '@shopgraph/kit';
import { Length, ValidateNested } from 'class-validator';
import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { UserStatusEnum } from './types';
import type { UserStatus } from './user';
import type { UserSort } from './user-document';

const UserSortEnum = graphqlEnum<UserSort>('UserSort', 'In which order users are listed.', {
  CREATED_AT_ASC: 'Who registered first comes first.',
  CREATED_AT_DESC: 'Who registered last comes first.',
  NAME_ASC: 'By name, upper and lower case alike.',
  NAME_DESC: 'By name backwards, upper and lower case alike.',
  EMAIL_ASC: 'By address.',
  EMAIL_DESC: 'By address backwards.',
});

@InputType({ description: 'Which users to list: those that fit everything that is given.' })
export class UserFilter {
  @Cost(10)
  @Field(() => String, {
    nullable: true,
    description: 'Words, each of which begins a word of name or address; or the beginning of an address.',
  })
  @TrimmedString(1, 320)
  search?: string | null;

  @Field(() => UserStatusEnum, { nullable: true, description: 'The state of their accounts.' })
  status?: UserStatus | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Id of a role that they have; nobody is found by one that you may not see.',
  })
  @Length(1, 64)
  roleId?: string | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'From when on they registered.' })
  createdFrom?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Before when they registered.' })
  createdTo?: Date | null;
}

@ArgsType()
export class UsersArgs extends PageArgs {
  @Field(() => UserFilter, { nullable: true, description: 'Which users; all when left out.' })
  @ValidateNested()
  filter?: UserFilter | null;

  @Field(() => UserSortEnum, { defaultValue: 'CREATED_AT_DESC', description: 'In which order.' })
  sort!: UserSort;
}
