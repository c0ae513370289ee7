import type { ApolloServerPlugin, GraphQLRequestContext, GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import type { GatewayContext } from '../context';
import { WrittenJson } from '../executor/written-json';
import { partsOf } from './answer-parts';
import { etagOf } from './etags';

/** How long, and for whom, an answer may be kept: Apollo Server's, which every part of it restricts. */
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
 * mutations and of private data not at all. What is public for everybody stays with a signed-in user's browser. An
 * answer that may be kept has its age (RFC 9111, 5.1), which counts against that time, and to a GET an entity tag:
 * nobody asks by a POST whether the answer is still the same.
 */
export function cacheControlHeaders(): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse(requestContext) {
          const { headers } = requestContext.response.http;
          // Apollo Server says itself how to keep the answer to an unknown hash.
          if (headers.has('cache-control')) return;
          const kept = keptOf(requestContext);
          headers.set('cache-control', kept?.cacheControl ?? 'no-store');
          if (!kept) return;
          if (kept.age > 0) headers.set('age', String(kept.age));
          if (kept.etag !== null) headers.set('etag', kept.etag);
        },
      };
    },
  };
}

/** Null for what nobody may keep. */
function keptOf({
  request,
  response,
  operation,
  overallCachePolicy,
  contextValue,
}: GraphQLRequestContextWillSendResponse<GatewayContext>) {
  const policy = overallCachePolicy.policyIfCacheable();
  const answer = response.body.kind === 'single' ? response.body.singleResult : null;
  if (!policy || !answer || answer.errors || operation?.operation !== OperationTypeNode.QUERY) return null;
  if (policy.scope === 'PRIVATE') return null;
  const { age, etag } = partsOf(overallCachePolicy);
  const { data, extensions } = answer;
  const isGet = request.http?.method === 'GET';
  const scope = contextValue.viewer.kind === 'anonymous' ? 'public' : 'private';
  return {
    cacheControl: `max-age=${policy.maxAge + age}, ${scope}`,
    age,
    etag: isGet && extensions === undefined && data instanceof WrittenJson ? (etag ?? etagOf(data.text)) : null,
  };
}
