import { createHash } from 'node:crypto';
import { composeServices } from '@apollo/composition';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import {
  execute,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import { pino } from 'pino';
import { Executor, type ExecutorRequest } from '../../src/executor/executor';
import { plannerConfig, plannerOf } from '../../src/executor/planner';
import { resolvableKeysFirst } from '../../src/executor/resolvable-keys';
import { distinctRequirements } from '../../src/executor/stand-ins';
import type { SubgraphCaller } from '../../src/executor/subgraph-call';

const LIMITS = { maxPaths: 1_000, maxPlans: 1_000 };

/** What both executors answer, for comparing: as a client reads it. */
export interface ComparableAnswer {
  readonly data: unknown;
  /** `path: message`, sorted. */
  readonly errors: readonly string[];
}

/** The stock executor and ours before the same subgraphs, all in this process. */
export async function startBoth(
  typeDefs: Readonly<Record<string, string>>,
  schemas: Readonly<Record<string, GraphQLSchema>>,
  federation: string,
) {
  const services = Object.entries(typeDefs).map(([name, sdl]) => ({
    name,
    typeDefs: parse(federation + sdl),
    url: `http://${name}`,
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new AggregateError(errors, errors.map(String).join('\n'));
  const plannable = distinctRequirements(resolvableKeysFirst(supergraphSdl));
  const sent: string[] = [];
  const down = new Set<string>();

  async function ask(subgraph: string, query: string, variables: Record<string, unknown>): Promise<ExecutionResult> {
    if (down.has(subgraph)) return { data: null, errors: [new GraphQLError(`${subgraph} is down`)] };
    sent.push(`${subgraph}: ${query} ${JSON.stringify(variables)}`);
    const schema = schemas[subgraph];
    if (!schema) throw new Error(`no subgraph ${subgraph}`);
    const document = parse(query);
    const invalid = validate(schema, document);
    if (invalid.length > 0)
      throw new AggregateError(invalid, `${subgraph} is asked what is not valid: ${query.slice(0, 500)}`);
    const result = await execute({ schema, document, variableValues: variables, rootValue: {} });
    // As it comes over HTTP: a copy without prototypes or instances.
    return JSON.parse(JSON.stringify(result)) as ExecutionResult;
  }

  const gateway = new ApolloGateway({
    ...plannable.apollo,
    queryPlannerConfig: plannerConfig(LIMITS),
    buildService: ({ name }): GraphQLDataSource => ({
      process: async ({ request: { query = '', variables = {} } }) => (await ask(name, query, variables)) as never,
    }),
    logger: pino({ level: 'silent' }),
  });
  const stock = await gateway.load();
  const schema = stock.schema;

  const callSubgraph: SubgraphCaller<unknown> = async ({ subgraph, body }) => {
    const { query, variables } = JSON.parse(body()) as { query: string; variables: Record<string, unknown> };
    const { data, errors: faults = [] } = await ask(subgraph, query, variables);
    return {
      data: (data as Record<string, unknown> | null | undefined) ?? null,
      errors: faults.map(({ message, path = [] }) => ({ message, path, shown: null })),
    };
  };
  const executor = new Executor({
    planner: plannerOf(gateway, plannable, LIMITS),
    callSubgraph,
    maxBytes: 50_000_000,
    onPlanLookup: () => undefined,
  });

  function requestOf(query: string, variables: Record<string, unknown>): ExecutorRequest {
    const document = parse(query);
    const operation = getOperationAST(document);
    const queryHash = createHash('sha256').update(query).digest('hex');
    return {
      schema,
      document,
      operation,
      operationName: operation?.name?.value ?? null,
      queryHash,
      request: { query, variables, http: undefined },
      context: {},
      contextValue: {},
      metrics: {},
      overallCachePolicy: {},
      logger: console,
    } as unknown as ExecutorRequest;
  }

  return {
    schema,
    sent,
    /** Names of subgraphs that answer an error to everything. */
    down,
    stock: async (query: string, variables: Record<string, unknown> = {}) =>
      comparable(await stock.executor(requestOf(query, variables) as never)),
    ours: async (query: string, variables: Record<string, unknown> = {}) =>
      comparable(await executor.execute(requestOf(query, variables))),
  };
}

function comparable({ data = null, errors = [] }: ExecutionResult): ComparableAnswer {
  return {
    data: JSON.parse(JSON.stringify(data)) as unknown,
    errors: errors.map(({ path, message }) => `${(path ?? []).join('.')}: ${message}`).sort(),
  };
}
