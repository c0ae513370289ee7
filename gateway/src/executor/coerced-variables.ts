import { getVariableValues, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';

type Coerced = ReturnType<typeof getVariableValues>;

interface Known {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly coerced: Coerced;
}

const NONE: Readonly<Record<string, unknown>> = Object.freeze({});
const known = new WeakMap<object, Known>();

/**
 * The variables of an operation as their types want them, defaults included, or why they do not fit. They are worked
 * out once for a request, however many ask: the rules, the costs, the cache, the executor. Nobody may change them.
 * @param given As the client has sent them.
 */
export function coercedVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>> | null | undefined,
): Coerced {
  const variables = given ?? NONE;
  const last = known.get(variables);
  if (last?.schema === schema && last.operation === operation) return last.coerced;
  const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  known.set(variables, { schema, operation, coerced });
  return coerced;
}
