import { buildSchema } from 'graphql';
import { pino } from 'pino';
import type { Call } from '../src/call';
import type { Clock } from '../src/clock';
import type { EventBus } from '../src/event-bus';
import { typeIds } from '../src/ids';
import type { PrivacyAnswer } from '../src/privacy-handling';
import { buildSubgraph } from '../src/subgraph';
import { eventually } from './eventually';
import { testKeys } from './viewers';

const SDL = `
  type Query { nothing: Boolean }
  type Mutation { privacyAnswer(input: PrivacyAnswerInput!): PrivacyAnswerPayload! }
  input PrivacyAnswerInput { jobId: ID! attempt: String! index: Int! isLast: Boolean! text: String! }
  type PrivacyAnswerPayload { accepted: Boolean! }
`;

/** Asks about people as the users subgraph does, and takes what is answered, over real, signed HTTP. */
export async function startPrivacyDesk(clock: Clock) {
  const answers: PrivacyAnswer[] = [];
  const schema = buildSchema(SDL);
  const field = schema.getMutationType()?.getFields().privacyAnswer;
  if (!field) throw new Error('privacyAnswer is not in the contract');
  field.resolve = (_source, { input }: { input: PrivacyAnswer }) => {
    answers.push({ ...input });
    return { accepted: true };
  };
  const service = await buildSubgraph<Call>({
    name: 'users',
    schema,
    createContext: (call) => call,
    signingKeys: testKeys,
    clock,
    logger: pino({ level: 'silent' }),
  });
  const { origin } = await service.listen({ host: '127.0.0.1', port: 0, operationsPort: 0 });
  return {
    url: `${origin}/graphql`,
    stop: () => service.close(),
    /** What is answered when something is asked about somebody: the JSON of an export, or nothing. */
    async ask(bus: EventBus, kind: 'export' | 'anonymisation', userId: string): Promise<string> {
      const jobId = typeIds.next('privjob');
      const cause = { occurredAt: clock.now().toISOString(), actor: userId, traceparent: null };
      const request = { type: `users.${kind}-requested`, aggregateId: jobId, sequence: 1, data: { jobId, userId } };
      await bus.publish({ id: typeIds.next('evt'), ...request, ...cause });
      return eventually(() => {
        const pieces = answers.filter((piece) => piece.jobId === jobId);
        if (!pieces.some(({ isLast }) => isLast)) throw new Error(`${kind} has no answer`);
        return pieces.map(({ text }) => text).join('');
      });
    },
  };
}
