import {
  allow,
  anyOf,
  hasPermission,
  isService,
  isSignedIn,
  isUserWith,
  type PermissionTable,
  visible,
} from '@shopgraph/kit';

/** Programs neither make keys nor lengthen their own lives. */
const managesKeys = isUserWith('api-key:manage');
const seesKeys = hasPermission('api-key:manage');

const readsAudit = hasPermission('audit:read');
const managesUsers = hasPermission('user:manage');
const forSomebodyKnown = anyOf(isSignedIn, hasPermission('user:privacy'));

/** Everybody may knock; what is behind is for those who are signed in, and for staff. */
export const usersPermissions: PermissionTable = {
  // Who has just signed in was nobody when the request came, and gets their own user in its answer.
  ...visible('Every other way to a user goes through findVisibleUser.', 'User', 'Address', 'Session'),
  ...visible('What the viewer may not know of is left out: see visible-roles.ts.', 'Role'),
  ...visible(
    'They hold places in a list; its rows have a rule.',
    'ApiKeyConnection',
    'ApiKeyEdge',
    'AuditEntryConnection',
    'AuditEntryEdge',
    'UserConnection',
    'UserEdge',
  ),
  ...visible(
    'Whoever may do it is told what became of it.',
    'AcknowledgePayload',
    'AddressPayload',
    'ApiKeyCreatedPayload',
    'ApiKeyPayload',
    'AuthPayload',
    'LoginAttemptDelayedError',
    'LogoutPayload',
    'RegisterPayload',
    'RoleDeletePayload',
    'RolePayload',
    'SessionPayload',
    'UserAnonymizePayload',
    'UserExportPayload',
    'UserPayload',
  ),
  ApiKey: seesKeys,
  ApiKeyAuthenticationPayload: isService,
  ApiKeyIdentity: isService,
  PrivacyAnswerPayload: isService,
  PrivacyJob: forSomebodyKnown,
  PrivacyJobPart: forSomebodyKnown,
  Query: {
    me: allow,
    user: anyOf(hasPermission('user:read'), isService),
    users: hasPermission('user:read'),
    auditLog: readsAudit,
    roles: anyOf(hasPermission('role:manage'), managesUsers),
    privacyJob: forSomebodyKnown,
    apiKeys: seesKeys,
  },
  Mutation: {
    register: allow,
    verifyEmail: allow,
    requestPasswordReset: allow,
    resetPassword: allow,
    changePassword: isSignedIn,
    requestEmailChange: isSignedIn,
    confirmEmailChange: isSignedIn,
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
