import { graphqlEnum, GraphQLDateTime, GraphQLJSON, type PrivacyRequestKind, UserError } from '@shopgraph/kit';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { UserType } from '../accounts/types';
import type { PrivacyJobStatus } from './privacy-job';

const PrivacyJobKindEnum = graphqlEnum<PrivacyRequestKind>('PrivacyJobKind', 'What a privacy job does.', {
  EXPORT: 'Collects everything that is held of a user.',
  ANONYMISE: 'Erases everything personal that is held of a user.',
});

const PrivacyJobStatusEnum = graphqlEnum<PrivacyJobStatus>('PrivacyJobStatus', 'How far a privacy job is.', {
  RUNNING: 'Under way.',
  DONE: 'Every subgraph has done its part.',
  FAILED: 'Not done within a day; it becomes done as soon as the missing subgraphs answer.',
});

@ObjectType('PrivacyJobPart', { description: 'What one subgraph has to do for a privacy job.' })
export class PrivacyJobPartType {
  @Field(() => String, { description: 'Name of the subgraph.' })
  subgraph!: string;

  @Field(() => PrivacyJobStatusEnum, { description: 'How far it is.' })
  status!: PrivacyJobStatus;
}

@ObjectType('PrivacyJob', { description: 'An export of what is held of a user, or its erasure, in all subgraphs.' })
export class PrivacyJobType {
  @Field(() => ID, { description: 'Id of the job.' })
  id!: string;

  @Field(() => PrivacyJobKindEnum, { description: 'What it does.' })
  kind!: PrivacyRequestKind;

  @Field(() => PrivacyJobStatusEnum, { description: 'How far it is.' })
  status!: PrivacyJobStatus;

  @Field(() => UserType, { nullable: true, description: 'Whom it is about; null for those who may not see the user.' })
  user!: UserType | null;

  @Field(() => ID, { description: 'Who has asked for it: a user or an API key.' })
  requestedBy!: string;

  @Field(() => GraphQLDateTime, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When every subgraph had done its part.' })
  finishedAt!: Date | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the job and its document are forgotten; null for an erasure, of which it stays known.',
  })
  expiresAt!: Date | null;

  @Field(() => [PrivacyJobPartType], { description: 'The subgraphs that have a part in it.' })
  parts!: PrivacyJobPartType[];

  @Field(() => GraphQLJSON, {
    nullable: true,
    description:
      'Of an export that is done: what each subgraph holds, under its name. Only for whom it is about, and `user:privacy`.',
  })
  document!: unknown;
}

@ObjectType({ description: 'What became of asking for an export.' })
export class UserExportPayload {
  @Field(() => PrivacyJobType, { nullable: true, description: 'The job that collects it; null when refused.' })
  job!: PrivacyJobType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it is under way.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of asking for an erasure.' })
export class UserAnonymizePayload {
  @Field(() => PrivacyJobType, { nullable: true, description: 'The job that erases it; null when refused.' })
  job!: PrivacyJobType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when the account is erased.' })
  userErrors!: UserError[];
}

@Directive('@inaccessible')
@ObjectType({ description: "What became of a subgraph's answer." })
export class PrivacyAnswerPayload {
  @Field(() => Boolean, { description: 'Whether somebody waited for it.' })
  accepted!: boolean;
}
