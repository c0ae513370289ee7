import type { ApolloServerPlugin } from '@apollo/server';
import { type ErrorCode, ERRORS } from '@shopgraph/kit';
import { GraphQLError } from 'graphql';
import type { GatewayContext } from './context';

/**
 * Refuses requests that do not say which of their operations is meant, and operations of a kind that the schema
 * does not have: OPERATION_RESOLUTION_FAILURE and GRAPHQL_VALIDATION_FAILED, HTTP 400. Validation lets both pass,
 * and executors of gateways take them for granted.
 */
export function executableOperationsOnly(): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, schema }) {
          if (!operation) throw refusal('OPERATION_RESOLUTION_FAILURE');
          const { operation: kind } = operation;
          if (!schema.getRootType(kind)) throw refusal('GRAPHQL_VALIDATION_FAILED', `The schema has no ${kind}.`);
        },
      };
    },
  };
}

function refusal(code: ErrorCode, message: string = ERRORS[code].message): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
}
