import { createHash, createHmac, randomBytes } from 'node:crypto';
import { hashApiKeySecret, parseApiKeySecret, type Viewer } from '@shopgraph/kit';
import { aService } from '@shopgraph/kit/testing';
import { signedText } from '../../src/api-keys/request-signature';
import type { UserErrorAnswer } from '../journeys';
import type { TestUsers } from '../start-users';

const KEY = `{ id name hint scopes allowedIps allowSignature requireSignature expiresAt lastUsedAt lastUsedIp createdAt
  revokedAt version owner { id } }`;
const ERRORS = 'userErrors { code field }';
const CREATE = `mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { apiKey ${KEY} secret ${ERRORS} } }`;
const ROTATE = `mutation ($id: ID!, $overlapSeconds: Int) {
  apiKeyRotate(id: $id, overlapSeconds: $overlapSeconds) { apiKey ${KEY} secret ${ERRORS} }
}`;
const REVOKE = `mutation ($id: ID!) { apiKeyRevoke(id: $id) { apiKey ${KEY} ${ERRORS} } }`;
const LIST = `query ($first: Int, $after: String, $last: Int, $before: String) {
  apiKeys(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node ${KEY} } pageInfo { hasNextPage endCursor }
  }
}`;
const IDENTITY = 'identity { id ownerId permissions validUntil } userErrors { code }';
const AUTHENTICATE = `mutation ($input: ApiKeyAuthenticateInput!) { apiKeyAuthenticate(input: $input) { ${IDENTITY} } }`;
const VERIFY = `mutation ($input: ApiKeyVerifySignatureInput!) { apiKeyVerifySignature(input: $input) { ${IDENTITY} } }`;

export interface KeyAnswer {
  id: string;
  name: string;
  hint: string;
  scopes: string[];
  revokedAt: string | null;
  lastUsedAt: string | null;
  lastUsedIp: string | null;
  version: number;
  owner: { id: string } | null;
}
interface IssuedAnswer {
  apiKey: KeyAnswer | null;
  secret: string | null;
  userErrors: UserErrorAnswer[];
}
interface IdentityAnswer {
  identity: { id: string; ownerId: string; permissions: string[]; validUntil: string | null } | null;
  userErrors: { code: string }[];
}

/** What people do with API keys, and what the gateway asks about them, through the subgraph's API. */
export function keyJourneys({ send, clock }: TestUsers) {
  async function ask<Data>(viewer: Viewer, query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await send<Data>(viewer, query, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  const create = async (viewer: Viewer, input: object = {}) =>
    (
      await ask<{ apiKeyCreate: IssuedAnswer }>(viewer, CREATE, {
        input: { name: 'ERP', scopes: ['ORDER_READ'], ...input },
      })
    ).apiKeyCreate;
  const rotate = async (viewer: Viewer, id: string, overlapSeconds?: number) =>
    (await ask<{ apiKeyRotate: IssuedAnswer }>(viewer, ROTATE, { id, overlapSeconds })).apiKeyRotate;
  const revoke = async (viewer: Viewer, id: string) =>
    (await ask<{ apiKeyRevoke: Omit<IssuedAnswer, 'secret'> }>(viewer, REVOKE, { id })).apiKeyRevoke;
  const list = async (viewer: Viewer, page: object = {}) =>
    (
      await ask<{ apiKeys: { edges: { node: KeyAnswer }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }>(
        viewer,
        LIST,
        page,
      )
    ).apiKeys;

  /** A key that was made, with its secret. */
  async function issued(viewer: Viewer, input: object = {}) {
    const { apiKey, secret, userErrors } = await create(viewer, input);
    if (!apiKey || secret === null) throw new Error(JSON.stringify(userErrors));
    return { apiKey, secret };
  }

  /** Who the gateway would take a request with this secret for; otherwise the code of the refusal. */
  async function authenticate(secret: string, ip = '192.0.2.1') {
    const input = { keyId: parseApiKeySecret(secret)?.keyId, secretHash: hashApiKeySecret(secret), ip };
    const { apiKeyAuthenticate } = await ask<{ apiKeyAuthenticate: IdentityAnswer }>(
      aService('gateway'),
      AUTHENTICATE,
      { input },
    );
    return apiKeyAuthenticate.identity ?? apiKeyAuthenticate.userErrors[0]?.code;
  }

  /** As the gateway would pass on a request signed with this secret. */
  function signed(secret: string, { body = '{}', skewSeconds = 0 } = {}) {
    const parts = {
      timestamp: String(Math.floor(clock.now().getTime() / 1_000) + skewSeconds),
      nonce: randomBytes(16).toString('base64url'),
      method: 'POST',
      path: '/graphql',
      bodyHash: createHash('sha256').update(body).digest('hex'),
    };
    const signature = createHmac('sha256', secret).update(signedText(parts)).digest('base64url');
    return { keyId: parseApiKeySecret(secret)?.keyId, ...parts, signature, ip: '192.0.2.1' };
  }

  /** Who the gateway would take such a request for; otherwise the code of the refusal. */
  async function verify(input: ReturnType<typeof signed>) {
    const { apiKeyVerifySignature } = await ask<{ apiKeyVerifySignature: IdentityAnswer }>(
      aService('gateway'),
      VERIFY,
      { input },
    );
    return apiKeyVerifySignature.identity ?? apiKeyVerifySignature.userErrors[0]?.code;
  }

  return { create, issued, rotate, revoke, list, authenticate, signed, verify };
}
