import type { Viewer } from '@shopgraph/kit';
import type { UserErrorAnswer } from '../journeys';
import type { TestUsers } from '../start-users';

export interface RoleAnswer {
  id: string;
  name: string;
  permissions: string[];
  builtIn: boolean;
  version: number;
}

const ROLE = '{ id name permissions builtIn version }';
const UPSERT = `mutation ($input: RoleUpsertInput!) {
  roleUpsert(input: $input) { role ${ROLE} userErrors { code field } }
}`;
const DELETE = 'mutation ($id: ID!) { roleDelete(id: $id) { deletedId userErrors { code field } } }';
const SET_ROLES = `mutation ($id: ID!, $roleIds: [ID!]!) {
  userSetRoles(id: $id, roleIds: $roleIds) { user { id roles { id } permissions } userErrors { code field } }
}`;

type Errors = Pick<UserErrorAnswer, 'code' | 'field'>[];

/** What staff do with roles, through the API. */
export function roleRequests({ send }: TestUsers) {
  return {
    upsert: async (
      viewer: Viewer,
      input: { id: string; name?: string; permissions: string[]; expectedVersion?: number },
    ) => {
      const variables = { input: { name: 'A role', ...input } };
      const { data } = await send<{ roleUpsert: { role: RoleAnswer | null; userErrors: Errors } }>(
        viewer,
        UPSERT,
        variables,
      );
      return data.roleUpsert;
    },
    remove: async (viewer: Viewer, id: string) => {
      const { data } = await send<{ roleDelete: { deletedId: string | null; userErrors: Errors } }>(viewer, DELETE, {
        id,
      });
      return data.roleDelete;
    },
    list: async (viewer: Viewer) => (await send<{ roles: RoleAnswer[] }>(viewer, `{ roles ${ROLE} }`)).data.roles,
    setRoles: async (viewer: Viewer, id: string, roleIds: string[]) => {
      const { data } = await send<{
        userSetRoles: { user: { roles: { id: string }[]; permissions: string[] } | null; userErrors: Errors };
      }>(viewer, SET_ROLES, { id, roleIds });
      return data.userSetRoles;
    },
  };
}
