import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { type Client, DomainError, requestFields } from '@shopgraph/kit';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type CachePolicy, restrictByHeader } from './answer-caching';
import type { GatewayContext } from './context';
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

interface DataSourceOptions {
  readonly subgraph: string;
  readonly transport: SubgraphTransport;
  /** Milliseconds that a query may take, if the request's deadline leaves that much. */
  readonly timeoutMs: number;
  readonly onCall: (outcome: CallOutcome) => void;
  readonly logger: Logger;
}

type Answer = Awaited<ReturnType<GraphQLDataSource['process']>>;
type Options = GraphQLDataSourceProcessOptions<GatewayContext>;
type Request = Options['request'];

/**
 * Calls one subgraph on behalf of the viewer. It never throws: a call that fails becomes an error at the path of
 * every field that it should have answered, TIMEOUT or, for all other faults, UNAVAILABLE. A mutation may take as
 * long as the whole request, because nobody knows what has become of one that was given up.
 */
export class SubgraphDataSource implements GraphQLDataSource<GatewayContext> {
  constructor(private readonly options: DataSourceOptions) {}

  async process({ request, context, ...rest }: Options): Promise<Answer> {
    const { subgraph, onCall, logger } = this.options;
    const { query = '' } = request;
    const paths = () => fieldsAsked(query, representationsOf(request));
    const policy = policyOf(rest);
    // The schema comes from elsewhere and health has its own endpoints: only clients' operations get here.
    const call = context as GatewayContext;
    const start = performance.now();
    const done = (result: CallOutcome['result']) =>
      onCall({ subgraph, result, seconds: (performance.now() - start) / 1000 });
    try {
      const answer = await this.ask(request, call, policy, paths);
      done('ok');
      return answer;
    } catch (err) {
      const fault = err instanceof DomainError ? err : new DomainError('UNAVAILABLE', { cause: err });
      const isAborted = call.signal.aborted;
      done(isAborted ? 'aborted' : fault.code);
      if (!isAborted) logger.error({ ...requestFields(call), err: fault.cause ?? fault, subgraph }, 'subgraph failed');
      return { errors: faultAt(paths(), fault) };
    }
  }

  private async ask(
    { query = '', variables, operationName }: Request,
    call: GatewayContext,
    policy: CachePolicy | undefined,
    paths: () => ReturnType<typeof fieldsAsked>,
  ): Promise<Answer> {
    // Only what changes something is recorded with where it came from; queries of two clients stay alike.
    const [timeoutMs, client] = query.startsWith('mutation')
      ? [Infinity, this.clientOf(call)]
      : [this.options.timeoutMs, null];
    const body = bodyOf({ query, variables, operationName });
    const answer = await this.options.transport.send(body, call, timeoutMs, client);
    const { status, cacheControl, text } = answer;
    call.refreshCookie?.answered(this.options.subgraph, answer.refreshCookie);
    const { data, errors } = parseAnswer(text, status);
    const isRefused = status !== 200 && errors.length > 0 && errors.every((error) => isRefusalOfInput(error));
    if (status !== 200 && !isRefused) throw new Error(`HTTP ${status}: ${text}`);
    if (policy) restrictByHeader(policy, cacheControl);
    return { data: data ?? null, ...(errors.length > 0 && { errors: readSubgraphErrors(errors, paths) }) };
  }

  private clientOf({ client, refreshCookie }: GatewayContext): Client {
    return refreshCookie?.clientFor(this.options.subgraph, client) ?? client;
  }
}

/** The gateway does not know what custom scalars accept, so they can hold anything that JSON can, however deep. */
function bodyOf(request: object): string {
  try {
    return JSON.stringify(request);
  } catch (cause) {
    throw new DomainError('BAD_USER_INPUT', { message: 'The variables are nested too deeply.', cause });
  }
}

function policyOf(options: Partial<Options>): CachePolicy | undefined {
  // Declared twice, here without its methods.
  return 'incomingRequestContext' in options
    ? (options.incomingRequestContext.overallCachePolicy as CachePolicy | undefined)
    : undefined;
}

/** The entities of which fields are asked; none in the call of root fields. */
function representationsOf({ variables }: Request): readonly { readonly __typename: string }[] {
  return (variables as { representations?: { __typename: string }[] } | undefined)?.representations ?? [];
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
