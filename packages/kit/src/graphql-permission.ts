import { graphqlEnum } from './graphql-enum';
import { type Permission, PERMISSIONS } from './permission-names';

/** The permissions as clients name them: `api-key:manage` is `API_KEY_MANAGE`; resolvers see the names that tokens carry. */
export const GraphPermission = graphqlEnum<Permission>(
  'Permission',
  'What a role or an API key can permit. Access tokens carry the same names in lower case: `user:read`, `api-key:manage`.',
  PERMISSIONS,
  (permission) => permission.toUpperCase().replaceAll(/[:-]/g, '_'),
);
