import { type Client, DomainError, isHeldBack, requestFields } from '@shopgraph/kit';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type CachePolicy, restrictByHeader } from './caching/answer-headers';
import type { GatewayContext } from './context';
import { type Entity, isObject } from './executor/entities';
import type { SubgraphAnswer, SubgraphCall } from './executor/subgraph-call';
import { fieldsAsked } from './fields-asked';
import type { SubgraphTransports } from './resilience/resilient-subgraphs';
import { clientErrorOf, faultAt, readSubgraphErrors, subgraphErrorSchema } from './subgraph-error';

const errorsSchema = z.array(subgraphErrorSchema);

export interface CallOutcome {
  readonly subgraph: string;
  /** `ok`, or the code of the fault that the whole call became. */
  readonly result: 'ok' | 'aborted' | DomainError['code'];
  readonly seconds: number;
}

interface SubgraphClientOptions {
  readonly subgraph: string;
  readonly transports: SubgraphTransports;
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
      // Why calls are held back has been logged.
      if (!isAborted && !isHeldBack(err)) {
        logger.error({ ...requestFields(context), err: fault.cause ?? fault, subgraph }, 'subgraph failed');
      }
      return { data: null, errors: faultAt(fieldsAsked(call.query, call.representations), fault) };
    }
  }

  private async ask(call: SubgraphCall, context: GatewayContext, policy: CachePolicy): Promise<SubgraphAnswer> {
    // Only what changes something is recorded with where it came from; queries of two clients stay alike.
    const { transports } = this.options;
    const answer = await (call.isMutation
      ? transports.mutations.send(bodyOf(call), context, Infinity, this.clientOf(context))
      : (call.isFresh ? transports.freshQueries : transports.queries).send(
          bodyOf(call),
          context,
          this.options.timeoutMs,
          null,
        ));
    const { status, cacheControl, text } = answer;
    context.refreshCookie?.answered(this.options.subgraph, answer.refreshCookie);
    const { data, errors } = parseAnswer(text, status);
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

interface Answer {
  readonly data: Entity | null;
  readonly errors: z.infer<typeof errorsSchema>;
}

/** Most answers have no errors: those are looked at by hand, since a schema would copy what it has looked at. */
function parseAnswer(text: string, status: number): Answer {
  try {
    const answer: unknown = JSON.parse(text);
    if (!isObject(answer)) throw new TypeError('no object');
    const { data = null, errors = [] } = answer;
    if (data !== null && !isObject(data)) throw new TypeError('data is no object');
    const read = errorsSchema.parse(errors);
    // No data without a reason: https://spec.graphql.org/October2021/#sec-Response-Format
    if (!data && read.length === 0) throw new Error('neither data nor errors');
    return { data, errors: read };
  } catch (cause) {
    throw new Error(`HTTP ${status} with what is no answer to a GraphQL request`, { cause });
  }
}

/** Variables that do not fit are the client's fault, though the subgraph refuses the whole call for them. */
function isRefusalOfInput(error: Answer['errors'][number]): boolean {
  return clientErrorOf(error)?.code === 'BAD_USER_INPUT';
}
