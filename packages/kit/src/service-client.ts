import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { CircuitState, type IPolicy } from 'cockatiel';
import { type DocumentNode, print } from 'graphql';
import type { Logger } from 'pino';
import { Agent, errors as undiciErrors } from 'undici';
import { z } from 'zod';
import type { Call } from './call';
import type { Clock } from './clock';
import { DomainError, isErrorCode } from './errors';
import { requestFields } from './request-logging';
import { DEFAULT_RESILIENCE, isHeldBack, type Resilience, resiliencePolicies } from './resilience';
import { type SigningKeys, signRequest } from './request-signature';

interface ServiceClientOptions {
  /** The service that calls, and on whose behalf. */
  readonly from: string;
  /** The subgraph that is called, for logs. */
  readonly to: string;
  /** Its GraphQL endpoint. */
  readonly url: string;
  readonly signingKeys: SigningKeys;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long one attempt may take, in milliseconds, if the call's deadline leaves that much. */
  readonly timeoutMs: number;
  /** Where it is to differ from `DEFAULT_RESILIENCE`. */
  readonly resilience?: Partial<Resilience>;
}

interface ExecuteOptions {
  /** Whether doing it twice is as good as once: only then is a failed call repeated. */
  readonly idempotent: boolean;
}

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.unknown().optional() }).optional() }))
    .optional(),
});

/** Sends commands to one sibling subgraph, signed, as the calling service itself. */
export class ServiceClient {
  private readonly agent: Agent;
  private readonly origin: string;
  private readonly path: string;
  private readonly once: IPolicy;
  private readonly repeated: IPolicy;

  constructor(private readonly options: ServiceClientOptions) {
    const { origin, pathname } = new URL(options.url);
    this.origin = origin;
    this.path = pathname;
    const { logger, to } = options;
    const resilience = { ...DEFAULT_RESILIENCE, ...options.resilience };
    this.agent = new Agent({ connections: resilience.concurrentCalls });
    const { once, repeated } = resiliencePolicies(resilience, isTransportFault, (state) =>
      logger.warn({ to, state: CircuitState[state] }, 'circuit changed'),
    );
    this.once = once;
    this.repeated = repeated;
  }

  /**
   * The data of an operation.
   * @throws DomainError with the code of the first error in the answer; TIMEOUT when there was none in time;
   * UNAVAILABLE when the subgraph cannot be reached, refuses us, or is not asked because it has failed before.
   */
  async execute<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables> | DocumentNode | string,
    variables: Variables,
    call: Call,
    { idempotent }: ExecuteOptions,
  ): Promise<Data> {
    const query = typeof document === 'string' ? document : print(document);
    const body = JSON.stringify({ query, variables });
    const policy = idempotent ? this.repeated : this.once;
    try {
      return (await policy.execute(() => this.send(body, call))) as Data;
    } catch (error) {
      throw this.asDomainError(error, call);
    }
  }

  close(): Promise<void> {
    return this.agent.close();
  }

  private async send(body: string, call: Call): Promise<unknown> {
    const { from, signingKeys, clock, timeoutMs } = this.options;
    const [method, origin, path] = ['POST', this.origin, this.path] as const;
    const remainingMs = Math.min(
      timeoutMs,
      call.deadline ? call.deadline.getTime() - clock.now().getTime() : timeoutMs,
    );
    if (remainingMs <= 0) throw new DomainError('TIMEOUT');
    const headers = {
      'content-type': 'application/json',
      'x-request-id': call.requestId,
      'x-timeout-ms': String(remainingMs),
      ...(call.traceparent !== null && { traceparent: call.traceparent }),
      ...signRequest({ method, path, body }, { kind: 'service', name: from }, signingKeys, clock),
    };
    const signal = AbortSignal.timeout(remainingMs);
    const response = await this.agent.request({ method, origin, path, headers, body, signal });
    // Read in any case: a body that is left lying blocks its connection.
    const text = await response.body.text();
    if (response.statusCode !== 200) throw statusError(response.statusCode, text);
    const { data, errors = [] } = answerSchema.parse(JSON.parse(text));
    const [error] = errors;
    if (error) throw answeredError(error.message, error.extensions?.code);
    return data;
  }

  private asDomainError(error: unknown, call: Call): DomainError {
    if (error instanceof DomainError) return error;
    const code = isTimeout(error) ? 'TIMEOUT' : 'UNAVAILABLE';
    const { logger, to } = this.options;
    if (!isHeldBack(error)) logger.error({ ...requestFields(call), err: error, to }, 'subgraph failed');
    return new DomainError(code, { cause: error });
  }
}

/** Makes a client for one sibling. Make one per sibling and keep it: it holds connections and the circuit's state. */
export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  return new ServiceClient(options);
}

/** What the subgraph itself has answered: asking again would not help. */
function answeredError(message: string, code: unknown): DomainError {
  return isErrorCode(code)
    ? new DomainError(code, { message })
    : new DomainError('INTERNAL', { cause: new Error(message) });
}

/** The subgraph does not take the request as it is: repeating it would not help. */
class RefusedRequest extends Error {}

function statusError(status: number, text: string): Error {
  const message = `HTTP ${status}: ${text.slice(0, 500)}`;
  return status >= 400 && status < 500 ? new RefusedRequest(message) : new Error(message);
}

/** What was not sent at all, or was answered, is none: of a fault neither answer nor effect is known. */
function isTransportFault(error: unknown): boolean {
  return !(error instanceof DomainError || error instanceof RefusedRequest || isHeldBack(error));
}

function isTimeout(error: unknown): boolean {
  return (
    // The reason of AbortSignal.timeout is a DOMException, which is no Error of every realm.
    (typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError') ||
    error instanceof undiciErrors.HeadersTimeoutError ||
    error instanceof undiciErrors.BodyTimeoutError
  );
}
