import { print } from 'graphql/language/printer';
import { type ClientOptions, createCaller } from './caller';
import { type GraphqlError, ShopgraphError } from './errors';
import { createSdk, operations, type Sdk } from './generated/sdk';
import type { CallOptions, Document, OperationIdentity } from './operation';
import type { Answer } from './transport';

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
}

const KNOWN: ReadonlyMap<string, OperationIdentity> = new Map(
  Object.values(operations).map((operation) => [String(operation.document), operation]),
);

/** Makes a client for a shop. It holds no connection and needs no closing. */
export function createShopgraphClient(options: ClientOptions): ShopgraphClient {
  const call = createCaller(options);

  const sdk = createSdk(async (operation, variables, callOptions = {}) => {
    const { name: operationName, document, repeatable } = operation;
    const message = { operationName, query: String(document), ...given(variables) };
    const answer = await call({ operation, message, repeatable }, callOptions);
    if (answer.errors.length > 0) throw errorOf(answer);
    return answer.data as never;
  });

  async function raw<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables?: Variables,
    { repeatable, ...callOptions }: RawOptions = {},
  ): Promise<RawAnswer<Data>> {
    const query = textOf(document);
    const operation = KNOWN.get(query);
    const message = { ...(operation && { operationName: operation.name }), query, ...given(variables) };
    const mayRepeat = repeatable ?? operation?.repeatable ?? false;
    const answer = await call({ operation, message, repeatable: mayRepeat }, callOptions);
    if (!answer.isGraphql) throw errorOf(answer);
    return { data: answer.data as Data | null, errors: answer.errors, extensions: answer.extensions };
  }

  return { ...sdk, raw };
}

function given(variables: object | undefined): { variables?: object } {
  return variables === undefined ? {} : { variables };
}

function textOf<Data, Variables>(document: Document<Data, Variables>): string {
  return typeof document === 'object' && 'kind' in document ? print(document) : String(document);
}

function errorOf({ errors, status, requestId }: Answer): ShopgraphError {
  const [first] = errors;
  const code = first?.extensions?.code ?? 'INTERNAL';
  return new ShopgraphError(first?.message ?? 'The answer is empty.', { code, errors, status, requestId });
}
