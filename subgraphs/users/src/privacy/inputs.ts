import { IsTypeId, MAX_PRIVACY_PIECE } from '@shopgraph/kit';
import { IsUUID, Length, Max, Min } from 'class-validator';
import { ArgsType, Directive, Field, ID, InputType, Int } from 'type-graphql';
import { UserArgs } from '../accounts/inputs';

const MAX_PIECES = 100_000;

@ArgsType()
export class UserAnonymizeArgs extends UserArgs {
  @Field(() => String, {
    nullable: true,
    description: "The password of the account, for one's own; others' are erased without.",
  })
  @Length(1, 1_024)
  password?: string | null;
}

@ArgsType()
export class PrivacyJobArgs {
  @Field(() => ID, { description: 'Id of the job.' })
  @IsTypeId('privjob')
  id!: string;
}

@Directive('@inaccessible')
@InputType({ description: 'What a subgraph answers for its part of a privacy job: one piece of it.' })
export class PrivacyAnswerInput {
  @Field(() => ID, { description: 'The job.' })
  @IsTypeId('privjob')
  jobId!: string;

  @Field(() => String, { description: 'Names the attempt that the piece belongs to.' })
  @IsUUID()
  attempt!: string;

  @Field(() => Int, { description: 'The place of the piece, from 0.' })
  @Min(0)
  @Max(MAX_PIECES)
  index!: number;

  @Field(() => Boolean, { description: 'Whether nothing follows.' })
  isLast!: boolean;

  @Field(() => String, { description: 'A piece of JSON; empty when there is nothing to say but that it is done.' })
  @Length(0, MAX_PRIVACY_PIECE)
  text!: string;
}
