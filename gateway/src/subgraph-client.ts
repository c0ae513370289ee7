import { type Client, DomainError, requestFields } from '@shopgraph/kit';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type CachePolicy, restrictByHeader } from './caching/answer-headers';
import type { GatewayContext } from './context';
import type { SubgraphAnswer, SubgraphCall } from './executor/subgraph-call';
import { fieldsAsked } from './fields-asked';
import { clientErrorOf, faultAt, readSubgraphErrors, subgraphErrorSchema } from './subgraph-error';
import type { SubgraphTransport } from './subgraph-transport';

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(subgraphErrorSchema).default([]),
});

export interface CallOutcome {
  readonly subgraph: string;
  /** `ok`, or the code of the fault that the whole call became. */
  readonly result: 'ok' | 'aborted' | DomainError['code'];
  readonly seconds: number;
}

interface SubgraphClientOptions {
  readonly subgraph: string;
  readonly transport: SubgraphTransport;
  /** Milliseconds that a query may take, if the request's deadline leaves that much. */
  readonly timeoutMs: number;
  readonly onCall: (outcome: CallOutcome) => void;
  readonly logger: Logger;
}

/**
 * Calls one subgraph on behalf of the viewer. It never rejects: a call that fails becomes an error at the path of
 * every field that it should have answered, TIMEOUT or, for all other faults, UNAVAILABLE. A mutation may take as
 * long as the whole request, because nobody knows what has become of one that was given up.
 */
export class SubgraphClient {
  constructor(private readonly options: SubgraphClientOptions) {}

  /** @param policy How long the whole answer may be kept: restricted by what the subgraph says of its part. */
  async call(call: SubgraphCall, context: GatewayContext, policy: CachePolicy): Promise<SubgraphAnswer> {
    const { subgraph, onCall, logger } = this.options;
    const start = performance.now();
    const done = (result: CallOutcome['result']) =>
      onCall({ subgraph, result, seconds: (performance.now() - start) / 1000 });
    try {
      const answer = await this.ask(call, context, policy);
      done('ok');
      return answer;
    } catch (err) {
      const fault = err instanceof DomainError ? err : new DomainError('UNAVAILABLE', { cause: err });
      const isAborted = context.signal.aborted;
      done(isAborted ? 'aborted' : fault.code);
      if (!isAborted) {
        logger.error({ ...requestFields(context), err: fault.cause ?? fault, subgraph }, 'subgraph failed');
      }
      return { data: null, errors: faultAt(fieldsAsked(call.query, call.representations), fault) };
    }
  }

  private async ask(call: SubgraphCall, context: GatewayContext, policy: CachePolicy): Promise<SubgraphAnswer> {
    // Only what changes something is recorded with where it came from; queries of two clients stay alike.
    const [timeoutMs, client] = call.isMutation ? [Infinity, this.clientOf(context)] : [this.options.timeoutMs, null];
    const answer = await this.options.transport.send(bodyOf(call), context, timeoutMs, client);
    const { status, cacheControl, text } = answer;
    context.refreshCookie?.answered(this.options.subgraph, answer.refreshCookie);
    const { data = null, errors } = parseAnswer(text, status);
    const isRefused = status !== 200 && errors.length > 0 && errors.every((error) => isRefusalOfInput(error));
    if (status !== 200 && !isRefused) throw new Error(`HTTP ${status}: ${text}`);
    restrictByHeader(policy, cacheControl);
    return { data, errors: readSubgraphErrors(errors, () => fieldsAsked(call.query, call.representations)) };
  }

  private clientOf({ client, refreshCookie }: GatewayContext): Client {
    return refreshCookie?.clientFor(this.options.subgraph, client) ?? client;
  }
}

/** The gateway does not know what custom scalars accept, so they can hold anything that JSON can, however deep. */
function bodyOf(call: SubgraphCall): string {
  try {
    return call.body();
  } catch (cause) {
    throw new DomainError('BAD_USER_INPUT', { message: 'The variables are nested too deeply.', cause });
  }
}

function parseAnswer(text: string, status: number): z.infer<typeof answerSchema> {
  try {
    return answerSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`HTTP ${status} with what is no answer to a GraphQL request`, { cause });
  }
}

/** Variables that do not fit are the client's fault, though the subgraph refuses the whole call for them. */
function isRefusalOfInput(error: z.infer<typeof subgraphErrorSchema>): boolean {
  return clientErrorOf(error)?.code === 'BAD_USER_INPUT';
}
