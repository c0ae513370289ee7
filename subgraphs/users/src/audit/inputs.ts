import { GraphQLDateTime, PageArgs } from '@shopgraph/kit';
import { ArrayMaxSize, ArrayUnique, IsIP, Length, Matches, ValidateNested } from 'class-validator';
import { ArgsType, Field, InputType } from 'type-graphql';
import { AuditActionEnum } from './types';

/** Longer than any id. */
const MAX_ID = 100;
const ID = /^[\w:.-]+$/;

@InputType({ description: 'Which entries of the audit log are wanted: those that meet all that is given.' })
export class AuditFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Done by this one: the id of a user or an API key, `service:<name>`, or `anonymous`.',
  })
  @Length(1, MAX_ID)
  @Matches(ID, { message: '$property must be an id' })
  actor?: string | null;

  @Field(() => String, { nullable: true, description: 'Done to this one, by its id.' })
  @Length(1, MAX_ID)
  @Matches(ID, { message: '$property must be an id' })
  subject?: string | null;

  @Field(() => [AuditActionEnum], { nullable: true, description: 'One of these was done; at most 20.' })
  @ArrayMaxSize(20)
  @ArrayUnique()
  actions?: string[] | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'At this time or later.' })
  from?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Before this time.' })
  to?: Date | null;

  @Field(() => String, { nullable: true, description: 'From this address, IPv4 or IPv6.' })
  @IsIP()
  ip?: string | null;
}

@ArgsType()
export class AuditLogArgs extends PageArgs {
  @Field(() => AuditFilter, { nullable: true, description: 'Which entries; all unless given.' })
  @ValidateNested()
  filter?: AuditFilter | null;
}
