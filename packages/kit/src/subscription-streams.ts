import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  createSourceEventStream,
  type DocumentNode,
  execute,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type ValidationRule,
} from 'graphql';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Call } from './call';
import { publicErrors } from './error-format';
import { DomainError, ERRORS, isErrorCode } from './errors';
import { sendEvents } from './event-stream';

/** Often enough for callers to notice soon that a stream is dead, and for proxies not to take it for dead. */
const KEEP_ALIVE_MS = 10_000;

const requestSchema = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

interface SubscriptionStreamsOptions<Context extends Call> {
  readonly schema: GraphQLSchema;
  /** Called for the beginning and again for every event, so that nothing that was loaded for one is shown for another. */
  readonly createContext: (call: Call) => Context;
  readonly validationRules: readonly ValidationRule[];
  readonly logger: Logger;
}

interface Subscribed<Context extends Call> {
  readonly events: AsyncIterator<unknown>;
  readonly answer: (event: unknown, context: Context) => Promise<ExecutionResult>;
}

/**
 * Answers subscriptions as server-sent events. One that is refused is answered as JSON, with the status of its error.
 * When the service closes, streams break off without `complete`: whoever listens subscribes again elsewhere.
 */
export class SubscriptionStreams<Context extends Call> {
  private readonly open = new Set<() => void>();

  constructor(private readonly options: SubscriptionStreamsOptions<Context>) {}

  /** @throws DomainError for what is no subscription. */
  async serve(call: Call, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const subscribed = await this.subscribe(call, request.body);
    if (!('events' in subscribed)) return sendRefusal(reply, this.shown(subscribed, call));
    const { events, answer } = subscribed;
    const { createContext } = this.options;
    const end = () => reply.raw.destroy();
    this.open.add(end);
    reply.raw.once('close', () => this.open.delete(end));
    return sendEvents(
      reply,
      {
        next: async () => {
          const event: IteratorResult<unknown, unknown> = await events.next();
          if (event.done === true) return { done: true, value: undefined };
          const result = this.shown(await answer(event.value, createContext(call)), call);
          return { done: false, value: JSON.stringify(result) };
        },
        return: async () => {
          await events.return?.();
          return { done: true, value: undefined };
        },
      },
      KEEP_ALIVE_MS,
    );
  }

  /** Breaks off all streams. */
  endAll(): void {
    for (const end of this.open) end();
  }

  private async subscribe(call: Call, body: unknown): Promise<Subscribed<Context> | ExecutionResult> {
    const { schema, createContext, validationRules } = this.options;
    const parsed = requestSchema.safeParse(body);
    if (!parsed.success) throw new DomainError('BAD_REQUEST');
    const { query, operationName, variables: variableValues } = parsed.data;
    const document = parsedQuery(query);
    const errors = validate(schema, document, [...specifiedRules, ...validationRules]);
    if (errors.length > 0) return { errors: errors.map(invalid) };
    if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.SUBSCRIPTION) {
      throw new DomainError('BAD_REQUEST', { message: 'Only subscriptions are answered as server-sent events.' });
    }
    const args = { schema, document, operationName, variableValues };
    const events = await createSourceEventStream({ ...args, contextValue: createContext(call) });
    if (!isAsyncIterable(events)) return events;
    return {
      events: events[Symbol.asyncIterator](),
      answer: async (event, contextValue) => execute({ ...args, rootValue: event, contextValue }),
    };
  }

  /** What the caller may know; the rest is logged. */
  private shown({ errors, ...result }: ExecutionResult, call: Call): ExecutionAnswer {
    if (!errors) return result;
    return { ...result, errors: publicErrors(errors, { call, logger: this.options.logger }) };
  }
}

type ExecutionAnswer = Omit<ExecutionResult, 'errors'> & {
  readonly errors?: readonly GraphQLFormattedError[];
};

function sendRefusal(reply: FastifyReply, answer: ExecutionAnswer): FastifyReply {
  const code = answer.errors?.[0]?.extensions?.code;
  return reply.code(isErrorCode(code) ? ERRORS[code].httpStatus : 500).send({ errors: answer.errors });
}

function parsedQuery(query: string): DocumentNode {
  try {
    return parse(query);
  } catch (cause) {
    throw new DomainError('GRAPHQL_PARSE_FAILED', { cause });
  }
}

function invalid({ message, nodes }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { nodes: nodes ?? null, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
}

function isAsyncIterable(value: object): value is AsyncIterable<unknown> {
  return Symbol.asyncIterator in value;
}
