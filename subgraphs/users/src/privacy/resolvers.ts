import { Cost, DomainError, payloadOf } from '@shopgraph/kit';
import { Arg, Args, Ctx, Directive, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { UserArgs } from '../accounts/inputs';
import { UserType } from '../accounts/types';
import type { User } from '../accounts/user';
import { findVisibleUser, type UsersContext } from '../context';
import { PrivacyAnswerInput, PrivacyJobArgs, UserAnonymizeArgs } from './inputs';
import { mayReadExportOf, maySeeJob } from './privacy-access';
import { partStatusOf, type PrivacyJob, type PrivacyJobStatus, statusOf } from './privacy-job';
import {
  PrivacyAnswerPayload,
  PrivacyJobPartType,
  PrivacyJobType,
  UserAnonymizePayload,
  UserExportPayload,
} from './types';
import { anonymisationError, exportError } from './user-errors';

@Resolver(() => PrivacyJobType)
export class PrivacyResolver {
  @Query(() => PrivacyJobType, {
    nullable: true,
    description: 'A privacy job: for whom it is about, who has asked for it, and `user:privacy`; otherwise null.',
  })
  async privacyJob(
    @Args(() => PrivacyJobArgs) { id }: PrivacyJobArgs,
    @Ctx() { privacyJobs, viewer }: UsersContext,
  ): Promise<PrivacyJob | null> {
    const job = await privacyJobs.byId(id);
    return job && maySeeJob(job, viewer) ? job : null;
  }

  @Cost(50)
  @Mutation(() => UserExportPayload, {
    description: "Begins to collect everything that is held of a user: one's own, or with `user:privacy` anybody's.",
  })
  async userExport(@Args(() => UserArgs) { id }: UserArgs, @Ctx() context: UsersContext) {
    return payloadOf('job', await context.privacyExports.request(id, context), exportError);
  }

  @Cost(50)
  @Mutation(() => UserAnonymizePayload, {
    description:
      'Erases everything personal that is held of a user, for good: oneself with the password, or with ' +
      '`user:privacy` somebody who may do no more than oneself. The account is closed at once and signed out ' +
      'everywhere; its address is free again. Orders stay, without the person.',
  })
  async userAnonymize(
    @Args(() => UserAnonymizeArgs) { id, password = null }: UserAnonymizeArgs,
    @Ctx() context: UsersContext,
  ) {
    return payloadOf('job', await context.anonymisation.request(id, password, context), anonymisationError);
  }

  @Directive('@inaccessible')
  @Mutation(() => PrivacyAnswerPayload, { description: 'For sibling services: answers their part of a privacy job.' })
  async privacyAnswer(
    @Arg('input', () => PrivacyAnswerInput, { description: 'One piece of the answer.' }) input: PrivacyAnswerInput,
    @Ctx() { privacyAnswers, viewer }: UsersContext,
  ): Promise<PrivacyAnswerPayload> {
    // Each answers for itself: the signature says who it is.
    if (viewer.kind !== 'service') throw new DomainError('FORBIDDEN');
    return { accepted: await privacyAnswers.take(viewer.name, input) };
  }

  @FieldResolver(() => UserType, { nullable: true })
  user(@Root() { userId }: PrivacyJob, @Ctx() context: UsersContext): Promise<User | null> {
    return findVisibleUser(userId, context);
  }

  @FieldResolver()
  status(@Root() job: PrivacyJob, @Ctx() { clock }: UsersContext): PrivacyJobStatus {
    return statusOf(job, clock.now());
  }

  @FieldResolver(() => [PrivacyJobPartType])
  parts(@Root() job: PrivacyJob, @Ctx() { clock }: UsersContext): PrivacyJobPartType[] {
    const now = clock.now();
    return job.parts.map((part) => ({ subgraph: part.subgraph, status: partStatusOf(job, part, now) }));
  }

  @FieldResolver()
  async document(@Root() job: PrivacyJob, @Ctx() context: UsersContext): Promise<object | null> {
    return mayReadExportOf(job.userId, context.viewer) ? context.privacyExports.documentOf(job, context) : null;
  }
}
