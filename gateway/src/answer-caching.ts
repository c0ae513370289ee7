import type { ApolloServerPlugin, GraphQLRequestContext, GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import type { GatewayContext } from './context';

export type CachePolicy = GraphQLRequestContext<GatewayContext>['overallCachePolicy'];

/**
 * Restricts the policy of an answer to what the `cache-control` header of a part of it allows (RFC 9111). A part
 * that does not say anything, or not for how long, may not be kept.
 */
export function restrictByHeader(policy: CachePolicy, header: string | undefined): void {
  const directives = new Map((header ?? '').toLowerCase().split(',').map(readDirective));
  const maxAge = /^\d+$/.test(directives.get('max-age') ?? '') ? Number(directives.get('max-age')) : 0;
  const mayKeep = !directives.has('no-store') && !directives.has('no-cache');
  policy.restrict({ maxAge: mayKeep ? maxAge : 0, ...(!directives.has('public') && { scope: 'PRIVATE' }) });
}

function readDirective(text: string): [string, string] {
  const [name = '', value = ''] = text.trim().split('=');
  return [name, value.replaceAll('"', '')];
}

/**
 * Says with every answer how long it may be kept: as long as all of its parts allow, but answers with errors, of
 * mutations and of private data not at all. What is public for everybody stays with a signed-in user's browser.
 */
export function cacheControlHeaders(): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse(requestContext) {
          const { headers } = requestContext.response.http;
          // Apollo Server says itself how to keep the answer to an unknown hash.
          if (headers.has('cache-control')) return;
          headers.set('cache-control', cacheControlOf(requestContext));
        },
      };
    },
  };
}

function cacheControlOf({
  response,
  operation,
  overallCachePolicy,
  contextValue,
}: GraphQLRequestContextWillSendResponse<GatewayContext>): string {
  const policy = overallCachePolicy.policyIfCacheable();
  const isWhole = response.body.kind === 'single' && response.body.singleResult.errors === undefined;
  if (!policy || !isWhole || operation?.operation !== OperationTypeNode.QUERY) return 'no-store';
  if (policy.scope === 'PRIVATE') return 'no-store';
  return `max-age=${policy.maxAge}, ${contextValue.viewer.kind === 'anonymous' ? 'public' : 'private'}`;
}
