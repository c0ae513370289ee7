import {
  defaultFieldResolver,
  getNamedType,
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isCompositeType,
  isObjectType,
  OperationTypeNode,
} from 'graphql';
import type { ProductsContext } from './context';

/** How long, in seconds, an answer that is the same for everybody may be kept. */
const PUBLIC_MAX_AGE_SECONDS = 60;

interface CacheableInfo extends GraphQLResolveInfo {
  /** Put there by Apollo Server, which makes the `cache-control` header of all hints together. */
  readonly cacheControl?: { setCacheHint(hint: { maxAge: number; scope: 'PUBLIC' | 'PRIVATE' }): void };
}

/**
 * Lets caches keep what the public is shown. A viewer who sees more gets no hint anywhere, and Apollo Server takes
 * a field without one for uncacheable. Only fields that lead to objects are asked for hints: scalars share theirs.
 */
export function cachePublicReads(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (isCompositeType(getNamedType(field.type))) hintWhenPublic(field as GraphQLField<unknown, ProductsContext>);
    }
  }
  return schema;
}

function hintWhenPublic(field: GraphQLField<unknown, ProductsContext>): void {
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (source, args, context, info: CacheableInfo) => {
    if (info.operation.operation === OperationTypeNode.QUERY && !context.seesUnpublished) {
      info.cacheControl?.setCacheHint({ maxAge: PUBLIC_MAX_AGE_SECONDS, scope: 'PUBLIC' });
    }
    return resolve(source, args, context, info);
  };
}
