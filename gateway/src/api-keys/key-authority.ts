import {
  type Clock,
  createServiceClient,
  DomainError,
  isErrorCode,
  isHeldBack,
  requestFields,
  type ServiceClient,
  serviceCall,
  type SigningKeys,
} from '@shopgraph/kit';
import type { Logger } from 'pino';
import { z } from 'zod';

const ANSWER = '{ identity { id ownerId permissions validUntil } userErrors { code } }';
const AUTHENTICATE = `mutation GatewayApiKeyAuthenticate($input: ApiKeyAuthenticateInput!) {
  answer: apiKeyAuthenticate(input: $input) ${ANSWER}
}`;
const VERIFY_SIGNATURE = `mutation GatewayApiKeyVerifySignature($input: ApiKeyVerifySignatureInput!) {
  answer: apiKeyVerifySignature(input: $input) ${ANSWER}
}`;

const answerSchema = z.object({
  answer: z.object({
    identity: z
      .object({
        id: z.string(),
        ownerId: z.string(),
        permissions: z.array(z.string()),
        validUntil: z.coerce.date().nullable(),
      })
      .nullable(),
    userErrors: z.array(z.object({ code: z.string() })),
  }),
});

/** The program that a credential stands for, and when it stops doing so; null where nothing is known to end it. */
export type ApiKeyIdentity = NonNullable<z.infer<typeof answerSchema>['answer']['identity']>;

/** A secret as it may be asked about. */
export interface HashedSecret {
  readonly keyId: string;
  /** SHA-256 in base64url. */
  readonly secretHash: string;
  readonly ip: string;
}

/** A request with its signature. */
export interface SignedRequest {
  readonly keyId: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly method: string;
  /** With its query, as sent. */
  readonly path: string;
  /** SHA-256 in hexadecimal. */
  readonly bodyHash: string;
  readonly signature: string;
  readonly ip: string;
}

interface Options {
  readonly signingKeys: SigningKeys;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Asks the users subgraph, in the gateway's own name, which program a request comes from. A replica that is away is
 * passed over, unless what it was asked may be asked only once.
 */
export class KeyAuthority {
  private urls = '';
  /** One for each replica, the one that has answered last before the others. */
  private clients: readonly ServiceClient[] = [];

  constructor(private readonly options: Options) {}

  /** Where the replicas of the users subgraph are from now on. */
  moveTo(urls: readonly string[]): void {
    const joined = urls.join('|');
    if (joined === this.urls) return;
    const previous = this.clients;
    this.urls = joined;
    this.clients = urls.map((url) => createServiceClient({ from: 'gateway', to: 'users', url, ...this.options }));
    void closeAll(previous);
  }

  /** @throws DomainError with the code of the refusal; UNAVAILABLE when there is no answer. */
  bySecret(secret: HashedSecret, requestId: string): Promise<ApiKeyIdentity> {
    return this.ask(AUTHENTICATE, secret, requestId, true);
  }

  /** Good for one request: a repetition is refused. @throws DomainError as `bySecret` does. */
  bySignature(request: SignedRequest, requestId: string): Promise<ApiKeyIdentity> {
    return this.ask(VERIFY_SIGNATURE, request, requestId, false);
  }

  async close(): Promise<void> {
    await closeAll(this.clients);
  }

  private async ask(mutation: string, input: object, requestId: string, idempotent: boolean): Promise<ApiKeyIdentity> {
    const answer = await this.send(mutation, input, requestId, idempotent);
    if (answer.identity) return answer.identity;
    const code = answer.userErrors[0]?.code;
    throw new DomainError(isErrorCode(code) ? code : 'UNAUTHENTICATED');
  }

  private async send(mutation: string, input: object, requestId: string, idempotent: boolean) {
    try {
      const call = { ...serviceCall('gateway'), requestId };
      const data = await this.fromAny(
        (client) => client.execute(mutation, { input }, call, { idempotent }),
        idempotent,
      );
      return answerSchema.parse(data).answer;
    } catch (cause) {
      if (!isOutage(cause))
        this.options.logger.error(
          { ...requestFields({ requestId, traceparent: null }), err: cause },
          'API keys cannot be asked about',
        );
      throw new DomainError('UNAVAILABLE', { cause });
    }
  }

  private async fromAny<Answer>(ask: (client: ServiceClient) => Promise<Answer>, mayRepeat: boolean): Promise<Answer> {
    let outage: unknown = new Error('the supergraph has no subgraph "users"');
    for (const client of this.clients) {
      try {
        const answer = await ask(client);
        if (client !== this.clients[0]) this.clients = [client, ...this.clients.filter((other) => other !== client)];
        return answer;
      } catch (error) {
        if (!isOutage(error) || !(mayRepeat || wasNotAsked(error))) throw error;
        outage = error;
      }
    }
    throw outage;
  }
}

async function closeAll(clients: readonly ServiceClient[]): Promise<void> {
  await Promise.all(clients.map((client) => client.close()));
}

/** There was no connection, or none was sought because there has been none before. */
function wasNotAsked({ cause }: DomainError): boolean {
  const { code } = (cause ?? {}) as { code?: unknown };
  return code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT' || isHeldBack(cause);
}

/** Those the service client has logged. */
function isOutage(error: unknown): error is DomainError {
  return error instanceof DomainError && (error.code === 'UNAVAILABLE' || error.code === 'TIMEOUT');
}
