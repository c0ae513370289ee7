import { print } from 'graphql/language/printer';
import { type ClientOptions, type ClientRequest, createCaller } from './caller';
import { errorOf, type GraphqlError } from './errors';
import { createSdk, operations, type Sdk } from './generated/sdk';
import type { CallOptions, Document, OperationIdentity, SubscribeOptions } from './operation';
import { subscription } from './subscription';

/** A whole answer: errors, and the data that there is in spite of them. */
export interface RawAnswer<Data> {
  readonly data: Data | null;
  readonly errors: readonly GraphqlError[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** What may differ from call to call of `raw`. */
export interface RawOptions extends CallOptions {
  /** Whether it may be repeated when the shop cannot be reached; known operations know it themselves. */
  readonly repeatable?: boolean;
}

/** A method per operation; each gives its data, or throws a ShopgraphError when the answer holds any error. */
export interface ShopgraphClient extends Sdk {
  /**
   * Runs any document and gives the whole answer: for partial data, and for operations of your own.
   * @throws ShopgraphError only when there is no GraphQL answer.
   */
  raw<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables?: Variables,
    options?: RawOptions,
  ): Promise<RawAnswer<Data>>;
  /**
   * Subscribes by a document of your own. Events come as long as they are iterated over and `options.signal` lets them;
   * those that break off are begun again, with a new token if need be, for `reconnectMs`.
   * @throws ShopgraphError when the shop refuses it, or cannot be reached for so long.
   */
  subscribe<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables?: Variables,
    options?: SubscribeOptions,
  ): AsyncGenerator<Data, void, undefined>;
}

const KNOWN: ReadonlyMap<string, OperationIdentity> = new Map(
  Object.values(operations).map((operation) => [String(operation.document), operation]),
);

/** Makes a client for a shop. It holds no connection and needs no closing. */
export function createShopgraphClient(options: ClientOptions): ShopgraphClient {
  const call = createCaller(options);

  const sdk = createSdk(
    async ({ document, repeatable }, variables, callOptions = {}) => {
      const answer = await call({ ...requestOf(document, variables), repeatable }, callOptions);
      if (answer.errors.length > 0) throw errorOf(answer);
      return answer.data as never;
    },
    ({ document }, variables, subscribeOptions) => subscribe(document, variables, subscribeOptions),
  );

  async function raw<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables?: Variables,
    { repeatable, ...callOptions }: RawOptions = {},
  ): Promise<RawAnswer<Data>> {
    const request = requestOf(document, variables);
    const mayRepeat = repeatable ?? request.operation?.repeatable ?? false;
    const answer = await call({ ...request, repeatable: mayRepeat }, callOptions);
    if (!answer.isGraphql) throw errorOf(answer);
    return { data: answer.data as Data | null, errors: answer.errors, extensions: answer.extensions };
  }

  function subscribe<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables?: Variables,
    subscribeOptions: SubscribeOptions = {},
  ): AsyncGenerator<Data, void, undefined> {
    const request = { ...requestOf(document, variables), repeatable: true, wantsEvents: true };
    return subscription<Data>((callOptions) => call(request, callOptions), options, subscribeOptions);
  }

  return { ...sdk, raw, subscribe };
}

function requestOf<Data, Variables extends object>(
  document: Document<Data, Variables>,
  variables: Variables | undefined,
): Pick<ClientRequest, 'operation' | 'message'> {
  const query = textOf(document);
  const operation = KNOWN.get(query);
  const message = {
    ...(operation && { operationName: operation.name }),
    query,
    ...(variables !== undefined && { variables }),
  };
  return { operation, message };
}

function textOf<Data, Variables>(document: Document<Data, Variables>): string {
  return typeof document === 'object' && 'kind' in document ? print(document) : String(document);
}
