import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import { DomainError } from '@shopgraph/kit';
import { buildSchema, getOperationAST, GraphQLError, OperationTypeNode, parse } from 'graphql';
import type { Path } from '../../src/executor/entities';
import { errorAt } from '../../src/executor/errors-at-places';
import { Executor, type ExecutorRequest } from '../../src/executor/executor';
import { Abandoned, type SubgraphCall } from '../../src/executor/subgraph-call';
import { unexplained } from '../../src/executor/unexplained-misfits';

describe('the error at a place', () => {
  it('is what the client may know, with its cause', () => {
    const shown = new DomainError('TIMEOUT');
    const error = errorAt(['a', 0, 'b'], { message: 'inner', shown });
    expect(error.toJSON()).toEqual({
      message: 'This took too long.',
      path: ['a', 0, 'b'],
      extensions: { code: 'TIMEOUT' },
    });
    expect(error.originalError).toBe(shown);
  });

  it('takes no stack of its own: there may be one for each field of hundreds of entities', () => {
    const { stackTraceLimit } = Error;
    expect(errorAt(['a'], { message: 'inner', shown: null }).originalError?.stack).toBe('Error: inner');
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
    expect(stackTraceLimit).toBeGreaterThan(0);
  });
});

describe('a misfit', () => {
  const at = (...path: Path) => ({ path, message: 'does not fit' });
  const errors = [['a', 1, 'b'], ['c']].map((path) => new GraphQLError('known', { path }));
  const explained: [string, Path][] = [
    ['at the place of an error', ['a', 1, 'b']],
    ['around an error', ['a', 1]],
    ['at the root, with any error', []],
    ['within what an error is about', ['c', 0, 'd']],
  ];
  it.each(explained)('is explained %s', (_where, path) => {
    expect(unexplained([at(...path)], errors)).toEqual([]);
  });

  const alone: [string, Path][] = [
    ['beside an error', ['a', 1, 'c']],
    ['in another element', ['a', 0, 'b']],
    ['in another field', ['b']],
    ['under a name like an index', ['a', '1', 'b']],
  ];
  it.each(alone)('needs an error of its own %s', (_where, path) => {
    expect(unexplained([at(...path)], errors).map((error) => error.path)).toEqual([path]);
  });

  it('at the root needs an error of its own when there is none', () => {
    expect(unexplained([at()], [])).toHaveLength(1);
  });

  it('is told from tens of thousands of errors', () => {
    const places = Array.from({ length: 20_000 }, (_, index): Path => ['a', index, 'b']);
    const known = places.map((path) => new GraphQLError('known', { path }));
    const others = places.map(([field = '', index = 0]) => at(field, index, 'c'));
    expect(unexplained(others, known)).toHaveLength(places.length);
  });
});

it('an operation whose client has gone asks nothing more, and is no more than one error', async () => {
  const node: FetchNode = {
    kind: 'Fetch',
    serviceName: 'numbers',
    operation: '{ a }',
    operationKind: OperationTypeNode.QUERY,
    operationName: undefined,
  };
  const plan: QueryPlan = { kind: 'QueryPlan', node: { kind: 'Sequence', nodes: [node, node] } };
  const schema = buildSchema('type Query { a: Int! }');
  const calls: SubgraphCall[] = [];
  const executor = new Executor({
    planner: {
      supergraph: schema,
      injected: { names: new Map(), onAnyType: new Set(), withArguments: new Set() },
      plan: () => plan,
    },
    async callSubgraph(call) {
      calls.push(call);
      throw new Abandoned();
    },
    maxBytes: 1_000_000,
    onPlanLookup: () => undefined,
  });
  const document = parse('{ a }');
  const { data, errors } = await executor.execute({
    schema,
    document,
    operation: getOperationAST(document),
    operationName: null,
    queryHash: 'a',
    request: {},
  } as unknown as ExecutorRequest);
  expect(calls).toHaveLength(1);
  expect(data).toBeNull();
  expect(errors?.map((error) => error.extensions)).toEqual([{ code: 'UNAVAILABLE' }]);
});
