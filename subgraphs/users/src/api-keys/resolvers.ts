import { type Connection, PageArgs, PageSized, payloadOf, type Result, Tag } from '@shopgraph/kit';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { UserType } from '../accounts/types';
import type { User } from '../accounts/user';
import { findVisibleUser, type UsersContext } from '../context';
import { granterOf } from '../roles/role-granter';
import type { ApiKey as Key, ApiKeyProblem } from './api-key';
import type { IssuedKey } from './api-key-service';
import { ApiKeyArgs, ApiKeyCreateInput, ApiKeyRotateArgs } from './inputs';
import { ApiKey, ApiKeyConnection, ApiKeyCreatedPayload, ApiKeyPayload } from './types';
import { apiKeyError } from './user-errors';

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  @PageSized()
  @Tag('partner')
  @Query(() => ApiKeyConnection, {
    description: 'The API keys that may do nothing which the viewer may not, and their own, the newest first.',
  })
  apiKeys(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { apiKeyService, viewer }: UsersContext,
  ): Promise<Connection<Key>> {
    return apiKeyService.page(granterOf(viewer), page);
  }

  @Tag('partner')
  @Mutation(() => ApiKeyCreatedPayload, {
    description: 'Makes an API key that acts for whoever makes it, within its scopes. Programs make none.',
  })
  async apiKeyCreate(
    @Arg('input', () => ApiKeyCreateInput, { description: 'What it is for.' })
    { scopes, expiresAt = null, allowSignature, requireSignature, ...input }: ApiKeyCreateInput,
    @Ctx() context: UsersContext,
  ) {
    const choices = {
      ...input,
      scopes: [...new Set(scopes)],
      expiresAt,
      allowSignature: allowSignature || requireSignature,
      requireSignature,
    };
    return issuedPayload(await context.apiKeyService.create(choices, granterOf(context.viewer), context));
  }

  @Tag('partner')
  @Mutation(() => ApiKeyCreatedPayload, {
    description: 'Gives an API key a new secret; the one before works a while longer, the one before that no more.',
  })
  async apiKeyRotate(
    @Args(() => ApiKeyRotateArgs) { id, overlapSeconds }: ApiKeyRotateArgs,
    @Ctx() context: UsersContext,
  ) {
    const manager = granterOf(context.viewer);
    return issuedPayload(await context.apiKeyService.rotate(id, overlapSeconds, manager, context));
  }

  @Tag('partner')
  @Mutation(() => ApiKeyPayload, { description: 'Ends an API key at once and for good.' })
  async apiKeyRevoke(@Args(() => ApiKeyArgs) { id }: ApiKeyArgs, @Ctx() context: UsersContext) {
    const result = await context.apiKeyService.revoke(id, granterOf(context.viewer), context);
    return payloadOf('apiKey', result, apiKeyError);
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'For whom it acts; null where the viewer may not see them.',
  })
  owner(@Root() { ownerId }: Key, @Ctx() context: UsersContext): Promise<User | null> {
    return findVisibleUser(ownerId, context);
  }
}

function issuedPayload(result: Result<IssuedKey, ApiKeyProblem>) {
  const { issued, userErrors } = payloadOf('issued', result, apiKeyError);
  return { apiKey: null, secret: null, ...issued, userErrors };
}
