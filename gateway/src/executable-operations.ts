import type { ApolloServerPlugin } from '@apollo/server';
import { type ErrorCode, ERRORS } from '@shopgraph/kit';
import { GraphQLError, OperationTypeNode } from 'graphql';
import type { GatewayContext } from './context';

const HOW_TO_SUBSCRIBE =
  'Subscriptions are answered by WebSocket (graphql-transport-ws), or by HTTP with `accept: text/event-stream`.';
const HOW_TO_ASK = 'Only subscriptions are answered here: send queries and mutations by HTTP, and accept JSON.';

/**
 * Refuses requests that do not say which of their operations is meant, and operations of a kind that the schema
 * does not have: OPERATION_RESOLUTION_FAILURE and GRAPHQL_VALIDATION_FAILED, HTTP 400. Validation lets both pass,
 * and executors of gateways take them for granted. So are subscriptions that came by a way which has one answer, and
 * all else that came by theirs: BAD_REQUEST.
 */
export function executableOperationsOnly(): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, schema, contextValue: { subscription } }) {
          if (!operation) throw refusal('OPERATION_RESOLUTION_FAILURE');
          const { operation: kind } = operation;
          if (!schema.getRootType(kind)) throw refusal('GRAPHQL_VALIDATION_FAILED', `The schema has no ${kind}.`);
          if (kind === OperationTypeNode.SUBSCRIPTION && !subscription) throw refusal('BAD_REQUEST', HOW_TO_SUBSCRIBE);
          if (kind !== OperationTypeNode.SUBSCRIPTION && subscription) throw refusal('BAD_REQUEST', HOW_TO_ASK);
        },
      };
    },
  };
}

function refusal(code: ErrorCode, message: string = ERRORS[code].message): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}
