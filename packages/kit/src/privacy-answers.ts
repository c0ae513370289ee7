import type { Background } from './background';
import { serviceCall } from './call';
import { handlePrivacyRequests, type PrivacyAnswer, type PrivacyHandlingOptions } from './privacy-handling';
import type { SigningKeys } from './request-signature';
import { createServiceClient } from './service-client';

/** Milliseconds that users has to take one piece; it is asked up to three times. */
const TIMEOUT_MS = 5_000;

const ANSWER = `mutation PrivacyAnswer($input: PrivacyAnswerInput!) { privacyAnswer(input: $input) { accepted } }`;

interface PrivacyOptions extends Omit<PrivacyHandlingOptions, 'give'> {
  readonly signingKeys: SigningKeys;
  /** GraphQL endpoint of the users subgraph. */
  readonly usersUrl: string;
}

/**
 * Answers for a subgraph when users asks what is held of somebody, or that it be erased: by signed calls to users,
 * again and again until they are taken, however long either of the two is away. Make it before `ensureIndexes`.
 */
export function answerPrivacyRequests(options: PrivacyOptions): readonly Background[] {
  const { subgraph, clock, logger, signingKeys, usersUrl: url } = options;
  const names = { from: subgraph, to: 'users', url };
  const users = createServiceClient({ ...names, signingKeys, clock, logger, timeoutMs: TIMEOUT_MS });

  async function give(input: PrivacyAnswer): Promise<boolean> {
    const { privacyAnswer } = await users.execute<{ privacyAnswer: { accepted: boolean } }, object>(
      ANSWER,
      { input },
      serviceCall(subgraph),
      { idempotent: true },
    );
    return privacyAnswer.accepted;
  }

  const client: Background = { name: 'privacy-answers', start: async () => undefined, stop: () => users.close() };
  return [client, ...handlePrivacyRequests({ ...options, give })];
}
