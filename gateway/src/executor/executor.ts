import type { BaseContext, ApolloServerOptionsWithGateway } from '@apollo/server';
import type { QueryPlan } from '@apollo/query-planner';
import { DomainError } from '@shopgraph/kit';
import { type ExecutionResult, getOperationAST, GraphQLError, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { coercedVariables } from './coerced-variables';
import { CompiledOperation } from './compiled-operation';
import { movedTo } from './errors-at-places';
import type { KnownOperation } from './known-operation';
import { type Execution, fetchesOf } from './plan';
import type { Planner } from './planner';
import { clientName, outOfThePlannersWay } from './response-names';
import { Abandoned, type SubgraphAnswer, type SubgraphCall, type SubgraphCaller } from './subgraph-call';
import { Types } from './types';
import { unexplained } from './unexplained-misfits';
import { WrittenJson } from './written-json';

type Gateway = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

/** A request as Apollo Server hands it to the executor of a gateway. */
export type ExecutorRequest = Parameters<NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>>[0];

interface ExecutorOptions {
  readonly planner: Planner;
  readonly callSubgraph: SubgraphCaller<ExecutorRequest>;
  /** Bytes, about, that compiled operations may take. */
  readonly maxBytes: number;
  readonly onPlanLookup: (isHit: boolean) => void;
  /** Told the seconds that planning and compiling an operation took. */
  readonly onPlanned?: ((seconds: number) => void) | undefined;
}

/** A compiled operation, and what it was made of. */
interface Kept {
  readonly compiled: CompiledOperation<ExecutorRequest>;
  readonly source: KnownOperation;
}

/** A compiled operation holds what it asks of subgraphs several times over: as text, as nodes, and as functions. */
const BYTES_PER_CHARACTER = 40;

const NO_EVENTS = 'The subscription selects no field that has events.';
const BAD_USER_INPUT = { extensions: { code: 'BAD_USER_INPUT' } };

/** Executes operations on the subgraphs of one version of a supergraph. */
export class Executor {
  private readonly operations: LRUCache<string, Kept>;
  private readonly types: Types;

  constructor(private readonly options: ExecutorOptions) {
    this.operations = new LRUCache({ maxSize: options.maxBytes });
    this.types = new Types(options.planner.supergraph);
  }

  /** @param event Of a subscription: what its root field has answered this time. */
  async execute(request: ExecutorRequest, event: SubgraphAnswer | null = null): Promise<ExecutionResult> {
    const begun = this.begin(request);
    if (begun.errors) return { errors: begun.errors };
    const { compiled, variant, execution, coerced } = begun;
    if (event) compiled.events?.receive(event, execution);
    try {
      await compiled.run?.(execution);
    } catch (error) {
      if (error instanceof Abandoned) return { data: null, errors: [unread()] };
      throw error;
    }
    const { text, misfits } = variant.writeAnswer(execution.data, compiled.introspect(variant, coerced));
    const all = [...execution.errors, ...unexplained(misfits, execution.errors)].map(inClientsTerms);
    return { data: answerOf(text), ...(all.length > 0 && { errors: all }) };
  }

  /** The call with which the events of a subscription begin, or why there is none. */
  eventsOf(request: ExecutorRequest): SubgraphCall | Pick<Required<ExecutionResult>, 'errors'> {
    const begun = this.begin(request);
    if (begun.errors) return { errors: begun.errors };
    const { compiled, variant, execution } = begun;
    if (!compiled.events || !variant.hasOtherFields) return { errors: [new GraphQLError(NO_EVENTS, BAD_USER_INPUT)] };
    return compiled.events.call(execution);
  }

  /** The plan of an operation, for those who want to see it. */
  planOf(request: ExecutorRequest): QueryPlan {
    return this.compiled(request).plan;
  }

  private begin(request: ExecutorRequest) {
    const { schema, operation } = request;
    const given = request.request.variables ?? {};
    const { errors, coerced } = coercedVariables(schema, operation, request.request.variables);
    if (errors) return { errors };
    const compiled = this.compiled(request);
    const conditions = compiled.conditions.valuesIn(coerced);
    const variant = compiled.variantFor(conditions);
    if (!compiled.run && !compiled.events && variant.hasOtherFields) return { errors: [unresolvable()] };
    const execution: Execution<ExecutorRequest> = { request, variables: given, conditions, data: {}, errors: [] };
    return { compiled, variant, execution, coerced };
  }

  /** The operations that were used last, newest first. */
  recent(count: number): KnownOperation[] {
    return [...this.operations.values()].slice(0, count).map(({ source }) => source);
  }

  /**
   * Has an operation ready, as if it had just been used.
   * @throws GraphQLError when it cannot be planned; it must be valid.
   */
  prepare(operation: KnownOperation, schema: GraphQLSchema): void {
    const compiled = this.operations.get(keyOf(operation))?.compiled ?? this.compile(operation, schema);
    // What depends on variables is compiled when their values come.
    if (compiled.conditions.isEmpty) compiled.variantFor({});
  }

  private compiled({ queryHash, operationName, schema, document }: ExecutorRequest) {
    const operation = { queryHash, operationName, document };
    const known = this.operations.get(keyOf(operation));
    this.options.onPlanLookup(known !== undefined);
    return known ? known.compiled : this.compile(operation, schema);
  }

  private compile(source: KnownOperation, schema: GraphQLSchema): CompiledOperation<ExecutorRequest> {
    const start = performance.now();
    const { planner, callSubgraph, onPlanned } = this.options;
    const { operationName, document: asked } = source;
    const document = outOfThePlannersWay(asked, schema, planner.injected);
    const operation = getOperationAST(document, operationName);
    if (!operation) throw new Error('the operation has been found before');
    const plan = planner.plan(document, operationName);
    const { types } = this;
    const compiled = new CompiledOperation({ schema, document, operation, plan }, { types, callSubgraph });
    const size = charactersIn(plan) * BYTES_PER_CHARACTER;
    this.operations.set(keyOf(source), { compiled, source }, { size });
    onPlanned?.((performance.now() - start) / 1000);
    return compiled;
  }
}

function keyOf({ queryHash, operationName }: KnownOperation): string {
  return `${queryHash} ${operationName ?? ''}`;
}

/** At least one: what asks nothing of subgraphs takes room, too. */
function charactersIn({ node }: QueryPlan): number {
  return fetchesOf(node).reduce(
    (sum, { operation, requires = [] }) => sum + operation.length + JSON.stringify(requires).length,
    1,
  );
}

/** Data is written already; nobody but Apollo Server, which is told how to, reads it. */
function answerOf(text: string): Record<string, unknown> | null {
  return text === 'null' ? null : (new WrittenJson(text) as unknown as Record<string, unknown>);
}

/** With the names that the client gave. */
function inClientsTerms(error: GraphQLError): GraphQLError {
  const { path = [] } = error;
  if (!path.some((step) => typeof step === 'string' && step !== clientName(step))) return error;
  const named = path.map((step) => (typeof step === 'string' ? clientName(step) : step));
  return movedTo(named, error);
}

function unresolvable(): GraphQLError {
  return errorOf(new DomainError('INTERNAL', { cause: new Error('no subgraph can resolve the operation') }));
}

/** What a client would be told that has gone. */
function unread(): GraphQLError {
  return errorOf(new DomainError('UNAVAILABLE'));
}

function errorOf(originalError: DomainError): GraphQLError {
  return new GraphQLError(originalError.message, { originalError, extensions: { ...originalError.extensions } });
}
