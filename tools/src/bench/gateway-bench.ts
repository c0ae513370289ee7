import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Operation } from './bench-graph';
import { type BenchProcess, OUR_FLAGS, startBenchProcess } from './bench-process';
import { answerOf, measure, type Measurement, median, type Target } from './measure';
import { composeGraph, GRAPH_NAMES, graphNamed, type GraphName, portOf } from './measured-graphs';
import { startIssuer, type TokenIssuer } from './token-issuer';
import { unkept } from './unkept-operations';

interface GatewayBenchOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly tell: (line: string) => void;
}

/** All requests of a round are alike: sharing their calls would measure nothing else. */
const APART = { SUBGRAPH_SINGLE_FLIGHT: 'off' };
const UNCACHED = { ENTITY_CACHE: 'off', RESPONSE_CACHE: 'off' };
const MANY = '1000000000';

/** What Hive Gateway needs, to be measured where it is installed: `npm install --no-save` them. */
const HIVE = ['@graphql-hive/gateway-runtime', '@graphql-mesh/transport-http'];

interface Contender extends Target {
  /** Whether one of ten requests asks for what nobody keeps. */
  readonly isCached?: boolean;
}

/** By name, the first one to compare the others with. */
type Contenders = ReadonlyMap<string, Contender>;

/**
 * Measures our gateway beside a stock Apollo gateway, on the same subgraphs in processes of their own: `open`, which
 * like the stock one has no rules, signing and limits, and `shipped`, as it is built and with everything on but its
 * caches, asked by somebody signed in. With REDIS_URL that one counts in Redis, and `cached` has its entity cache,
 * which holds everything that nine of ten requests ask for, and nothing for the tenth. Hive Gateway is measured beside
 * them where it is installed. In each round all are loaded in turn; what counts are the ratios of a round, because a
 * machine's speed drifts.
 */
export async function benchGateways({ rounds, seconds, tell }: GatewayBenchOptions): Promise<void> {
  tell('| query | gateway | answers/s | p50 | p99 | ratio to stock (min–max) | CPU | ratio to stock (min–max) |');
  tell('|---|---|---|---|---|---|---|---|');
  for (const graph of GRAPH_NAMES) {
    await withContenders(graph, async (contenders) => {
      for (const [name, operation] of Object.entries(graphNamed(graph).operations())) {
        const measured = await compare(contenders, operation, rounds, seconds);
        for (const line of rowsOf(name, measured)) tell(line);
      }
    });
  }
}

async function withContenders(graph: GraphName, use: (contenders: Contenders) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'shopgraph-bench-'));
  const supergraphPath = join(directory, 'supergraph.graphql');
  const { subgraphs } = graphNamed(graph);
  await writeFile(supergraphPath, composeGraph(graphNamed(graph)));
  const issuer = await startIssuer();
  const processes: BenchProcess[] = [];
  type Options = Omit<Parameters<typeof startBenchProcess>[0], 'port' | 'args'>;
  const start = async (options: Options, args: (port: string) => string[], headers = {}): Promise<Target> => {
    const port = portOf(processes.length);
    const started = await startBenchProcess({ ...options, args: args(String(port)), port });
    processes.push(started);
    return { url: started.url, pid: started.pid, headers };
  };
  const startShipped = (caches: Record<string, string>) =>
    start(
      {
        file: join(__dirname, 'shipped-gateway-main.ts'),
        flags: OUR_FLAGS,
        environment: { ...APART, ...caches, ...settingsFor(issuer, supergraphPath) },
      },
      (port) => [graph, port],
      { authorization: `Bearer ${issuer.tokenOf(1)}` },
    );
  try {
    for (const { name } of subgraphs) {
      await start({ file: join(__dirname, 'bench-subgraph-main.ts') }, (port) => [graph, name, port]);
    }
    const contenders = new Map<string, Contender>([
      ['stock', await start({ file: join(__dirname, 'stock-gateway-main.ts') }, (port) => [supergraphPath, port])],
      [
        'open',
        await start(
          {
            file: join(__dirname, '../../../gateway/dist/src/main.js'),
            flags: OUR_FLAGS,
            environment: APART,
          },
          (port) => ['--supergraph', supergraphPath, '--port', port, '--open'],
        ),
      ],
      ['shipped', await startShipped(UNCACHED)],
    ]);
    if (process.env.REDIS_URL !== undefined) {
      contenders.set('cached', { ...(await startShipped({ ...UNCACHED, ENTITY_CACHE: 'on' })), isCached: true });
    }
    if (HIVE.every(isInstalled)) {
      const hive = { file: join(__dirname, 'hive-gateway-main.ts'), environment: { LOG_LEVEL: 'error' } };
      contenders.set('hive', await start(hive, (port) => [supergraphPath, port]));
    }
    await use(contenders);
  } finally {
    await Promise.all(processes.map((running) => running.stop()));
    await issuer.stop();
    await rm(directory, { recursive: true });
  }
}

/** Everything is on: what is counted must not be refused. */
function settingsFor(issuer: TokenIssuer, supergraphPath: string): Record<string, string> {
  return {
    LOG_LEVEL: 'info',
    SUPERGRAPH_PATH: supergraphPath,
    SIGNING_KEYS: `bench:${'s'.repeat(32)}`,
    JWKS_URL: issuer.jwksUrl,
    JWT_ISSUER: issuer.name,
    JWT_AUDIENCE: issuer.audience,
    RATE_LIMIT_ANONYMOUS: `${MANY}/60`,
    RATE_LIMIT_USER: `${MANY}/60`,
    COST_BUDGET_USER: `${MANY}/${MANY}`,
    MAX_OPERATION_COST: MANY,
  };
}

type Round = ReadonlyMap<string, Measurement>;

async function compare(
  contenders: Contenders,
  operation: Operation,
  rounds: number,
  seconds: number,
): Promise<Round[]> {
  const body = JSON.stringify(operation);
  const answers = new Map<string, string>();
  for (const [name, target] of contenders) {
    answers.set(name, JSON.stringify(JSON.parse(await answerOf(target, body))));
  }
  const [[first, expected] = ['', ''], ...others] = answers;
  if (expected.startsWith('{"errors"')) throw new Error(`${first} answers ${expected} to ${body}`);
  for (const [name, answered] of others) {
    if (answered === expected) continue;
    throw new Error(`${name} and ${first} answer differently to ${body}:\n${answered}\n${expected}`);
  }
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const results = new Map<string, Measurement>();
    for (const [name, contender] of contenders) {
      const bodies = contender.isCached ? tenthUnkept(operation) : [body];
      results.set(name, await measure(contender, bodies, seconds));
    }
    measured.push(results);
  }
  return measured;
}

function tenthUnkept(operation: Operation): string[] {
  const bodies = Array.from({ length: 9 }, () => JSON.stringify(operation));
  return [...bodies, JSON.stringify(unkept(operation))];
}

function rowsOf(query: string, rounds: readonly Round[]): string[] {
  const names = [...(rounds[0]?.keys() ?? [])];
  const [stock = ''] = names;
  const figures = (name: string, figure: keyof Measurement) => rounds.map((round) => round.get(name)?.[figure] ?? NaN);
  return names.map((name) => {
    const of = (figure: keyof Measurement) => median(figures(name, figure)).toFixed(0);
    const stocks = (figure: keyof Measurement) => figures(stock, figure);
    const faster = figures(name, 'perSecond').map((own, round) => own / (stocks('perSecond')[round] ?? NaN));
    const cheaper = figures(name, 'cpu').map((own, round) => (stocks('cpu')[round] ?? NaN) / own);
    const ratio = (ratios: readonly number[]) =>
      name === stock
        ? '1'
        : `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
    const latency = `${of('p50')} ms | ${of('p99')} ms`;
    return `| ${query} | ${name} | ${of('perSecond')} | ${latency} | ${ratio(faster)} | ${of('cpu')} µs | ${ratio(cheaper)} |`;
  });
}

function isInstalled(module: string): boolean {
  try {
    require.resolve(module);
    return true;
  } catch {
    return false;
  }
}
