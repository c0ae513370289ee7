import { createHash } from 'node:crypto';
import { type DocumentNode, getOperationAST, parse } from 'graphql';

/** An operation of a client, with what it takes to plan it for another schema. */
export interface KnownOperation {
  /** SHA-256 of the text, or of what the guard has made of it, in hexadecimal. */
  readonly queryHash: string;
  /** Null for one without a name. */
  readonly operationName: string | null;
  readonly document: DocumentNode;
}

/** The operations of texts, as they will be known when clients send them; none of what does not have exactly one. */
export function knownOperations(queries: readonly string[]): KnownOperation[] {
  return queries.flatMap((query) => {
    const document = parsed(query);
    const operation = document && getOperationAST(document);
    if (!operation) return [];
    const queryHash = createHash('sha256').update(query).digest('hex');
    return [{ queryHash, operationName: operation.name?.value ?? null, document }];
  });
}

function parsed(query: string): DocumentNode | null {
  try {
    return parse(query);
  } catch {
    return null;
  }
}
