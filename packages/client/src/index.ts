export type { ClientOptions } from './caller';
export { createShopgraphClient, type RawAnswer, type RawOptions, type ShopgraphClient } from './client';
export { type GraphqlError, isUnauthenticated, ShopgraphError } from './errors';
export * from './generated/operations';
export { operations, type Sdk } from './generated/sdk';
export type { CallOptions, Document, Operation, OperationIdentity, SubscribeOptions } from './operation';
export { createSession, type Session, type SessionOptions } from './session';
export { memoryTokenStore, type SessionTokens, type TokenStore, webTokenStore } from './token-store';
