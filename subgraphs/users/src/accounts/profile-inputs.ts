import { IsPlainLine, TrimmedString } from '@shopgraph/kit';
import { Min } from 'class-validator';
import { Field, InputType, Int } from 'type-graphql';
import { MAX_NAME } from './inputs';

@InputType({ description: 'What somebody says of themself.' })
export class ProfileUpdateInput {
  @Field(() => String, { description: 'How they want to be called.' })
  @TrimmedString(1, MAX_NAME)
  @IsPlainLine()
  name!: string;

  @Field(() => Int, { nullable: true, description: 'Refuse unless this is the version of their account.' })
  @Min(1)
  expectedVersion?: number | null;
}
