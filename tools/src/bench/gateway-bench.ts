import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { benchGraph, benchQueries } from './bench-graph';
import { type BenchProcess, startBenchProcess } from './bench-process';
import { answerOf, measure, type Measurement, median, type Target } from './measure';
import { startIssuer, type TokenIssuer } from './token-issuer';

const FIRST_PORT = 4700;

interface GatewayBenchOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly tell: (line: string) => void;
}

/** The flags that our gateway is started with by `npm start`, `npm run gateway` and the image. */
const OUR_FLAGS = ['--max-semi-space-size=64'];
/** All requests of a round are alike: sharing their calls would measure nothing else. */
const APART = { SUBGRAPH_SINGLE_FLIGHT: 'off' };
const MANY = '1000000000/60';

type Contender = 'stock' | 'open' | 'shipped';
const OURS = ['open', 'shipped'] as const;

/**
 * Measures our gateway beside a stock Apollo gateway, on the same subgraphs in processes of their own: `open`, which
 * like the stock one has no rules, signing and limits, and as it is shipped, asked by somebody signed in. In each
 * round all are loaded in turn; what counts are the ratios of a round, because a machine's speed drifts.
 */
export async function benchGateways({ rounds, seconds, tell }: GatewayBenchOptions): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'shopgraph-bench-'));
  const supergraphPath = join(directory, 'supergraph.graphql');
  await writeFile(supergraphPath, composeBenchGraph());
  const issuer = await startIssuer();
  const processes: BenchProcess[] = [];
  const start = async (options: Parameters<typeof startBenchProcess>[0], headers = {}): Promise<Target> => {
    const started = await startBenchProcess(options);
    processes.push(started);
    return { url: started.url, headers };
  };
  try {
    for (const [index, { name }] of benchGraph.entries()) {
      const port = portOf(index);
      await start({ file: join(__dirname, 'bench-subgraph-main.ts'), args: [name, String(port)], port });
    }
    const [stockPort, openPort, shippedPort] = [0, 1, 2].map((index) => portOf(benchGraph.length + index)) as Three;
    const targets: Record<Contender, Target> = {
      stock: await start({
        file: join(__dirname, 'stock-gateway-main.ts'),
        args: [supergraphPath, String(stockPort)],
        port: stockPort,
      }),
      open: await start({
        file: join(__dirname, '../../../gateway/src/main.ts'),
        args: ['--supergraph', supergraphPath, '--port', String(openPort), '--open'],
        port: openPort,
        flags: OUR_FLAGS,
        environment: APART,
      }),
      shipped: await start(
        {
          file: join(__dirname, 'shipped-gateway-main.ts'),
          args: [String(shippedPort)],
          port: shippedPort,
          flags: OUR_FLAGS,
          environment: { ...APART, ...settingsFor(issuer, supergraphPath) },
        },
        { authorization: `Bearer ${issuer.tokenOf(1)}` },
      ),
    };
    tell('| query | gateway | answers/s | p50 | p99 | ratio to stock (min–max) |\n|---|---|---|---|---|---|');
    for (const [name, operation] of Object.entries(benchQueries)) {
      for (const line of rowsOf(name, await compare(targets, JSON.stringify(operation), rounds, seconds))) tell(line);
    }
  } finally {
    await Promise.all(processes.map((running) => running.stop()));
    await issuer.stop();
    await rm(directory, { recursive: true });
  }
}

type Three = [number, number, number];

/** Everything is on: what is counted must not be refused. */
function settingsFor(issuer: TokenIssuer, supergraphPath: string): Record<string, string> {
  return {
    LOG_LEVEL: 'info',
    SUPERGRAPH_PATH: supergraphPath,
    SIGNING_KEYS: `bench:${'s'.repeat(32)}`,
    JWKS_URL: issuer.jwksUrl,
    JWT_ISSUER: issuer.name,
    JWT_AUDIENCE: issuer.audience,
    RATE_LIMIT_ANONYMOUS: MANY,
    RATE_LIMIT_USER: MANY,
  };
}

type Rounds = readonly Readonly<Record<Contender, Measurement>>[];

async function compare(
  targets: Record<Contender, Target>,
  body: string,
  rounds: number,
  seconds: number,
): Promise<Rounds> {
  const expected = await answerOf(targets.stock, body);
  for (const contender of OURS) {
    const answered = await answerOf(targets[contender], body);
    if (JSON.stringify(JSON.parse(expected)) !== JSON.stringify(JSON.parse(answered))) {
      throw new Error(`${contender} and stock answer differently to ${body}:\n${expected}\n${answered}`);
    }
  }
  const measured: Record<Contender, Measurement>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const stock = await measure(targets.stock, body, seconds);
    const open = await measure(targets.open, body, seconds);
    const shipped = await measure(targets.shipped, body, seconds);
    measured.push({ stock, open, shipped });
  }
  return measured;
}

function rowsOf(name: string, rounds: Rounds): string[] {
  return (['stock', ...OURS] as const).map((contender) => {
    const of = (figure: keyof Measurement) => median(rounds.map((round) => round[contender][figure])).toFixed(0);
    const ratios = rounds.map((round) => round[contender].perSecond / round.stock.perSecond);
    const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
    const ratio = contender === 'stock' ? '1' : `${median(ratios).toFixed(2)} (${spread})`;
    return `| ${name} | ${contender} | ${of('perSecond')} | ${of('p50')} ms | ${of('p99')} ms | ${ratio} |`;
  });
}

/** The supergraph of the bench graph, each subgraph at its port. */
export function composeBenchGraph(): string {
  const services = benchGraph.map(({ name, typeDefs }, index) => ({
    name,
    typeDefs: parse(typeDefs),
    url: `http://127.0.0.1:${portOf(index)}/graphql`,
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new AggregateError(errors);
  return supergraphSdl;
}

/** Where the subgraph at this place listens, and, past the last, further processes. */
export function portOf(index: number): number {
  return FIRST_PORT + index;
}
