import type { DocumentTypeDecoration, TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { GraphqlError } from './errors';

/** What the shop and the client know an operation by, whatever its types. */
export interface OperationIdentity {
  readonly name: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** SHA-256 of the document's text, in hexadecimal: the shop knows the operation by it. */
  readonly hash: string;
  /** Whether asking twice is as good as asking once: all but mutations that take no idempotency key. */
  readonly repeatable: boolean;
}

/** An operation that the client was released with. */
export interface Operation<Data, Variables> extends OperationIdentity {
  readonly document: TypedText<Data, Variables>;
}

type TypedText<Data, Variables> = DocumentTypeDecoration<Data, Variables> & { toString(): string };

/** A GraphQL document, with the types of what it takes and answers where they are known. */
export type Document<Data, Variables> = string | TypedText<Data, Variables> | TypedDocumentNode<Data, Variables>;

/** What may differ from call to call. */
export interface CallOptions {
  /** Ends the call early; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds that each attempt may take, in place of the client's; of a subscription, until it has begun. */
  readonly timeoutMs?: number;
  /** Sent beside the client's headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What may differ from subscription to subscription. */
export interface SubscribeOptions extends CallOptions {
  /** Told what an event misses; its data holds null there. */
  readonly onErrors?: (errors: readonly GraphqlError[]) => void;
  /** Called when events that broke off have begun again. What has happened in between was missed: load again. */
  readonly onResumed?: () => void;
}

/** Runs an operation: its data, or a ShopgraphError. */
export type Execute = <Data, Variables extends object>(
  operation: Operation<Data, Variables>,
  variables: Variables | undefined,
  options?: CallOptions,
) => Promise<Data>;

/** Begins a subscription when its first event is asked for: data as it comes, or a ShopgraphError. */
export type Subscribe = <Data, Variables extends object>(
  operation: Operation<Data, Variables>,
  variables: Variables | undefined,
  options?: SubscribeOptions,
) => AsyncGenerator<Data, void, undefined>;
