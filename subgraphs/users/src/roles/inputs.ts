import { GraphPermission, IsPlainLine, type Permission, TrimmedString } from '@shopgraph/kit';
import { ArrayMaxSize, Matches, Min } from 'class-validator';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';

/** Like a constant. */
const ROLE_ID = /^[A-Z][A-Z0-9_]{1,63}$/;
const ROLE_ID_RULE = { message: '$property must be like a constant: STOCK_LEAD' };

@InputType({ description: 'A role as it is to be.' })
export class RoleUpsertInput {
  @Field(() => ID, {
    description: 'Id of the role, like a constant: `STOCK_LEAD`. One that is new makes a role; it never changes.',
  })
  @Matches(ROLE_ID, ROLE_ID_RULE)
  id!: string;

  @Field(() => String, { description: 'What people call it.' })
  @TrimmedString(1, 100)
  @IsPlainLine()
  name!: string;

  @Field(() => [GraphPermission], { description: 'Everything that it is to permit; no more than you hold yourself.' })
  @ArrayMaxSize(100)
  permissions!: Permission[];

  @Field(() => Int, {
    nullable: true,
    description: 'Refuse unless the role has this version; 0 where there must be none yet.',
  })
  @Min(0)
  expectedVersion?: number | null;
}

@ArgsType()
export class RoleArgs {
  @Field(() => ID, { description: 'Id of the role.' })
  @Matches(ROLE_ID, ROLE_ID_RULE)
  id!: string;
}
