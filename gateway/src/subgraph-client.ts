import { type Client, DomainError, isHeldBack, requestFields } from '@shopgraph/kit';
import type { Logger } from 'pino';
import { type CachePolicy, restrictByHeader } from './caching/answer-headers';
import type { GatewayContext } from './context';
import { Abandoned, type SubgraphAnswer, type SubgraphCall } from './executor/subgraph-call';
import { fieldsAsked } from './fields-asked';
import { type ParsedAnswer, parseAnswer } from './parsed-answer';
import type { SubgraphTransports } from './resilience/resilient-subgraphs';
import { type AnsweredError, clientErrorOf, faultAt, readSubgraphErrors } from './subgraph-error';

/** What came of one call, for metrics. */
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
 * Calls one subgraph on behalf of the viewer. A call that fails becomes an error at the path of every field that it
 * should have answered, TIMEOUT or, for all other faults, UNAVAILABLE. A mutation may take as long as the whole request,
 * because nobody knows what has become of one that was given up.
 */
export class SubgraphClient {
  constructor(private readonly options: SubgraphClientOptions) {}

  /**
   * @param policy How long the whole answer may be kept: restricted by what the subgraph says of its part.
   * @throws Abandoned when the client has gone.
   */
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
      if (context.signal.aborted) {
        done('aborted');
        throw new Abandoned();
      }
      const fault = err instanceof DomainError ? err : new DomainError('UNAVAILABLE', { cause: err });
      done(fault.code);
      // Why calls are held back has been logged.
      if (!isHeldBack(err)) {
        logger.error({ ...requestFields(context), err: fault.cause ?? fault, subgraph }, 'subgraph failed');
      }
      return { data: null, errors: faultAt(fieldsAsked(call.query, call.representations), fault) };
    }
  }

  private async ask(call: SubgraphCall, context: GatewayContext, policy: CachePolicy): Promise<SubgraphAnswer> {
    const { transports, timeoutMs } = this.options;
    const queries = call.isFresh ? transports.freshQueries : transports.queries;
    const body = bodyOf(call);
    // Only what changes something is recorded with where it came from; queries of two clients stay alike.
    const answer = await (call.isMutation
      ? transports.mutations.send(body, context, Infinity, this.clientOf(context))
      : queries.send(body, context, timeoutMs, null));
    const { status, cacheControl, text } = answer;
    context.refreshCookie?.answered(this.options.subgraph, answer.refreshCookie);
    const { data, errors } = answerIn(text, status);
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

function answerIn(text: string, status: number): ParsedAnswer {
  try {
    const answer = parseAnswer(text);
    // No data without a reason: https://spec.graphql.org/October2021/#sec-Response-Format
    if (!answer.data && answer.errors.length === 0) throw new Error('neither data nor errors');
    return answer;
  } catch (cause) {
    throw new Error(`HTTP ${status} with what is no answer to a GraphQL request`, { cause });
  }
}

/** Variables that do not fit are the client's fault, though the subgraph refuses the whole call for them. */
function isRefusalOfInput(error: AnsweredError): boolean {
  return clientErrorOf(error)?.code === 'BAD_USER_INPUT';
}
