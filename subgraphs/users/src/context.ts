import { type Call, type Clock, createLoader, isPermitted, type Viewer } from '@shopgraph/kit';
import type { ProfileService } from './accounts/profile-service';
import type { RegistrationService } from './accounts/registration-service';
import type { User } from './accounts/user';
import type { UserAdministration } from './accounts/user-administration';
import type { UserStatusService } from './accounts/user-status-service';
import type { UserDirectory } from './accounts/user-directory';
import type { UserStore } from './accounts/user-store';
import type { PasswordServices } from './passwords/create-password-services';
import type { RoleAdministration } from './roles/role-administration';
import type { ApiKeyAuthentication } from './api-keys/api-key-authentication';
import type { ApiKeyService } from './api-keys/api-key-service';
import type { AddressBook } from './addresses/address';
import type { AddressService } from './addresses/address-service';
import type { AddressStore } from './addresses/address-store';
import type { PrivacyServices } from './privacy/privacy-services';
import type { Role } from './roles/role';
import type { Roles } from './roles/roles';
import type { AuditReader } from './audit/audit-reader';
import type { LoginService } from './sessions/login-service';
import { type RefreshCookie, refreshCookieOf } from './sessions/refresh-cookie';
import type { Session } from './sessions/session';
import type { SessionRevocation } from './sessions/session-revocation';
import type { SessionService } from './sessions/session-service';
import type { SessionStore } from './sessions/session-store';

/** What lives as long as the subgraph. */
export interface Services extends PrivacyServices, PasswordServices {
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly roles: Roles;
  readonly roleAdministration: RoleAdministration;
  readonly registration: RegistrationService;
  readonly loginService: LoginService;
  readonly sessionService: SessionService;
  readonly sessionRevocation: SessionRevocation;
  readonly administration: UserAdministration;
  readonly userStatus: UserStatusService;
  readonly apiKeyService: ApiKeyService;
  readonly apiKeyAuthentication: ApiKeyAuthentication;
  readonly userDirectory: UserDirectory;
  readonly profileService: ProfileService;
  readonly addresses: AddressStore;
  readonly addressService: AddressService;
  readonly auditReader: AuditReader;
  readonly clock: Clock;
}

/** What a resolver gets: the call, the services and this call's own loaders. */
export interface UsersContext extends Call, Services {
  /** Null for clients that keep their refresh token themselves. */
  readonly refreshCookie: RefreshCookie | null;
  readonly loaders: ReturnType<typeof createLoaders>;
}

/** A context for one call: loaders are never shared between callers. */
export function createContext(services: Services, call: Call): UsersContext {
  return { ...call, ...services, refreshCookie: refreshCookieOf(call), loaders: createLoaders(services) };
}

/** The user with this id, if there is one and the viewer may see them; otherwise null, whichever it is. */
export async function findVisibleUser(id: string, { viewer, loaders }: UsersContext): Promise<User | null> {
  return maySee(viewer, id) ? loaders.userById.load(id) : null;
}

function maySee(viewer: Viewer, userId: string): boolean {
  switch (viewer.kind) {
    case 'anonymous':
      return false;
    case 'user':
      return viewer.id === userId || isPermitted(viewer, 'user:read');
    case 'api-key':
      return isPermitted(viewer, 'user:read');
    case 'service':
      return true;
  }
}

interface SessionsOfUser {
  readonly userId: string;
  readonly sessions: Session[];
}

function createLoaders({ users, sessions, roles, addresses, clock }: Services) {
  return {
    userById: createLoader<User>(
      (ids) => users.byIds(ids),
      ({ id }) => id,
    ),
    sessionsByUserId: createLoader<SessionsOfUser>(
      async (userIds) => {
        const live = await sessions.liveOf(userIds, clock.now());
        return userIds.map((userId) => ({ userId, sessions: live.filter((session) => session.userId === userId) }));
      },
      ({ userId }) => userId,
    ),
    addressBookByUserId: createLoader<AddressBook>(
      (userIds) => addresses.booksOf(userIds),
      ({ id }) => id,
    ),
    roleById: createLoader<Role>(
      (ids) => roles.rolesOf(ids),
      ({ id }) => id,
    ),
  };
}
