import {
  type Clock,
  createServiceClient,
  DomainError,
  isErrorCode,
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

/** Asks the users subgraph, in the gateway's own name, which program a request comes from. */
export class KeyAuthority {
  private url: string | undefined;
  private client: ServiceClient | undefined;

  constructor(private readonly options: Options) {}

  /** Where the users subgraph is from now on. */
  moveTo(url: string): void {
    if (url === this.url) return;
    const previous = this.client;
    this.url = url;
    this.client = createServiceClient({ from: 'gateway', to: 'users', url, ...this.options });
    void previous?.close();
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
    await this.client?.close();
  }

  private async ask(mutation: string, input: object, requestId: string, idempotent: boolean): Promise<ApiKeyIdentity> {
    const answer = await this.send(mutation, input, requestId, idempotent);
    if (answer.identity) return answer.identity;
    const code = answer.userErrors[0]?.code;
    throw new DomainError(isErrorCode(code) ? code : 'UNAUTHENTICATED');
  }

  private async send(mutation: string, input: object, requestId: string, idempotent: boolean) {
    try {
      if (!this.client) throw new Error('the supergraph has no subgraph "users"');
      const call = { ...serviceCall('gateway'), requestId };
      return answerSchema.parse(await this.client.execute(mutation, { input }, call, { idempotent })).answer;
    } catch (cause) {
      if (!isOutage(cause))
        this.options.logger.error(
          { ...requestFields({ requestId, traceparent: null }), err: cause },
          'API keys cannot be asked about',
        );
      throw new DomainError('UNAVAILABLE', { cause });
    }
  }
}

/** Those the service client has logged. */
function isOutage(error: unknown): boolean {
  return error instanceof DomainError && (error.code === 'UNAVAILABLE' || error.code === 'TIMEOUT');
}
