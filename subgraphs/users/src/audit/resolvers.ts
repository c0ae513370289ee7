import { isTypeId, PageSized, Tag } from '@shopgraph/kit';
import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { UserType } from '../accounts/types';
import type { User } from '../accounts/user';
import { findVisibleUser, type UsersContext } from '../context';
import { AuditLogArgs } from './inputs';
import { actionsOf, AuditEntry, AuditEntryConnection, presentPage } from './types';

@Resolver(() => AuditEntry)
export class AuditResolver {
  @PageSized()
  @Tag('internal')
  @Query(() => AuditEntryConnection, {
    description: 'What was done in the shop, newest first, for those who watch over it. Looking is logged too.',
  })
  async auditLog(@Args(() => AuditLogArgs) { filter, ...page }: AuditLogArgs, @Ctx() context: UsersContext) {
    const { actor = null, subject = null, actions, from = null, to = null, ip = null } = filter ?? {};
    const criteria = { actor, subject, actions: actions ? actionsOf(actions) : null, from, to, ip };
    return presentPage(await context.auditReader.page(criteria, page, context));
  }

  @FieldResolver(() => UserType, { nullable: true })
  actorUser(@Root() { actor }: AuditEntry, @Ctx() context: UsersContext): Promise<User | null> {
    return userOf(actor, context);
  }

  @FieldResolver(() => UserType, { nullable: true })
  subjectUser(@Root() { subject }: AuditEntry, @Ctx() context: UsersContext): Promise<User | null> {
    return userOf(subject, context);
  }
}

async function userOf(id: string, context: UsersContext): Promise<User | null> {
  return isTypeId(id, 'user') ? findVisibleUser(id, context) : null;
}
