import { buildFederatedSchema, GenericUserError } from '@shopgraph/kit';
import type { GraphQLSchema } from 'graphql';
import { ProfileResolver } from './accounts/profile-resolvers';
import { AccountResolver, UserResolver, usersEntities } from './accounts/resolvers';
import { UserStatusResolver } from './accounts/user-status-resolvers';
import { ApiKeyResolver } from './api-keys/resolvers';
import { ApiKeyAuthenticationResolver } from './api-keys/authentication-resolvers';
import { AddressResolver, UserAddressResolver } from './addresses/resolvers';
import { AuditResolver } from './audit/resolvers';
import { UserListResolver } from './accounts/user-list-resolver';
import type { UsersContext } from './context';
import { EmailChangeResolver } from './email-change/resolvers';
import { LoginAttemptDelayedError } from './login-throttle/types';
import { PasswordResolver } from './passwords/resolvers';
import { usersPermissions } from './permissions';
import { RoleResolver } from './roles/resolvers';
import { PrivacyResolver } from './privacy/resolvers';
import { SessionResolver } from './sessions/resolvers';

/** The subgraph's schema, executable with a `UsersContext`; needs no store. */
export function usersSchema(): GraphQLSchema {
  return buildFederatedSchema<UsersContext>({
    resolvers: [
      AuditResolver,
      UserResolver,
      AccountResolver,
      PasswordResolver,
      EmailChangeResolver,
      SessionResolver,
      RoleResolver,
      ApiKeyResolver,
      ApiKeyAuthenticationResolver,
      ProfileResolver,
      UserStatusResolver,
      UserListResolver,
      AddressResolver,
      UserAddressResolver,
      PrivacyResolver,
    ],
    types: [GenericUserError, LoginAttemptDelayedError],
    entities: usersEntities,
    permissions: usersPermissions,
  });
}
