import { allow, anyOf, hasPermission, isService, isSignedIn, isUserWith, type PermissionTable } from '@shopgraph/kit';

/** Programs neither make keys nor lengthen their own lives. */
const managesKeys = isUserWith('api-key:manage');

const readsAudit = hasPermission('audit:read');
const managesUsers = hasPermission('user:manage');
const forSomebodyKnown = anyOf(isSignedIn, hasPermission('user:privacy'));

/**
 * Everybody may knock. Type `User` has no rule here, because whoever has just signed in was nobody when the
 * request came, and gets their own user in its answer: every other way to a user goes through `findVisibleUser`.
 */
export const usersPermissions: PermissionTable = {
  Query: {
    me: allow,
    user: anyOf(hasPermission('user:read'), isService),
    auditLog: readsAudit,
    roles: anyOf(hasPermission('role:manage'), managesUsers),
    apiKeys: hasPermission('api-key:manage'),
    privacyJob: forSomebodyKnown,
  },
  Mutation: {
    register: allow,
    verifyEmail: allow,
    login: allow,
    refreshToken: allow,
    logout: isSignedIn,
    logoutAll: isSignedIn,
    revokeSession: anyOf(isSignedIn, managesUsers),
    userSetRoles: managesUsers,
    userSetStatus: managesUsers,
    roleUpsert: hasPermission('role:manage'),
    roleDelete: hasPermission('role:manage'),
    apiKeyCreate: managesKeys,
    apiKeyRotate: managesKeys,
    apiKeyRevoke: managesKeys,
    apiKeyAuthenticate: isService,
    apiKeyVerifySignature: isService,
    profileUpdate: isSignedIn,
    addressCreate: isSignedIn,
    addressUpdate: isSignedIn,
    addressDelete: isSignedIn,
    userExport: forSomebodyKnown,
    userAnonymize: forSomebodyKnown,
    privacyAnswer: isService,
  },
  AuditEntry: readsAudit,
};
