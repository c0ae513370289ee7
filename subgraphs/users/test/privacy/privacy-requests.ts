import { randomUUID } from 'node:crypto';
import type { Viewer } from '@shopgraph/kit';
import { aService, aUser } from '@shopgraph/kit/testing';
import { GOOD_PASSWORD, type UserErrorAnswer } from '../journeys';
import type { TestUsers } from '../start-users';

interface JobAnswer {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly requestedBy: string;
  readonly finishedAt: string | null;
  readonly expiresAt: string | null;
  readonly parts: readonly { readonly subgraph: string; readonly status: string }[];
  readonly user: { readonly id: string; readonly email: string; readonly name: string; readonly status: string } | null;
  readonly document: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
}

interface PayloadAnswer {
  readonly job: JobAnswer | null;
  readonly userErrors: readonly UserErrorAnswer[];
}

const JOB = '{ id kind status requestedBy finishedAt expiresAt parts { subgraph status } }';
const ERRORS = 'userErrors { code message field }';

/** Who looks after privacy, and may do nothing else. */
export const privacyStaff = aUser({ id: 'user_staff', permissions: ['user:privacy', 'user:read'] });

/** What people, and sibling subgraphs, ask of the subgraph about privacy. */
export function privacyRequests({ send }: Pick<TestUsers, 'send'>) {
  return {
    userExport: async (viewer: Viewer, id: string): Promise<PayloadAnswer> => {
      const query = `mutation ($id: ID!) { userExport(id: $id) { job ${JOB} ${ERRORS} } }`;
      return (await send<{ userExport: PayloadAnswer }>(viewer, query, { id })).data.userExport;
    },
    userAnonymize: async (viewer: Viewer, id: string, password: string | null = null): Promise<PayloadAnswer> => {
      const query = `mutation ($id: ID!, $password: String) {
        userAnonymize(id: $id, password: $password) { job ${JOB} ${ERRORS} }
      }`;
      return (await send<{ userAnonymize: PayloadAnswer }>(viewer, query, { id, password })).data.userAnonymize;
    },
    privacyJob: async (viewer: Viewer, id = ''): Promise<JobAnswer | null> => {
      const query = `query ($id: ID!) {
        privacyJob(id: $id) {
          id kind status requestedBy finishedAt expiresAt parts { subgraph status } document
          user { id email name status }
        }
      }`;
      return (await send<{ privacyJob: JobAnswer | null }>(viewer, query, { id })).data.privacyJob;
    },
    /** One piece of what `subgraph` answers; all of it unless told. */
    answer: async (subgraph: string, jobId = '', piece: object = {}): Promise<boolean | null> => {
      const query = 'mutation ($input: PrivacyAnswerInput!) { privacyAnswer(input: $input) { accepted } }';
      const input = { jobId, attempt: randomUUID(), index: 0, isLast: true, text: '{}', ...piece };
      const { data } = await send<{ privacyAnswer: { accepted: boolean } } | null>(aService(subgraph), query, {
        input,
      });
      return data?.privacyAnswer.accepted ?? null;
    },
  };
}

/** Asks for everything about privacy that can be asked, ending with the erasure of this user. */
export async function askForPrivacy(users: TestUsers, userId: string): Promise<void> {
  const { userExport, userAnonymize, privacyJob, answer } = privacyRequests(users);
  const { job } = await userExport(aUser({ id: userId }), userId);
  for (const subgraph of ['products', 'inventory', 'orders']) await answer(subgraph, job?.id);
  await privacyJob(aUser({ id: userId }), job?.id);
  await userAnonymize(aUser({ id: userId }), userId, GOOD_PASSWORD);
}
