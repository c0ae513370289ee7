import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { benchGraph, benchQueries } from './bench-graph';
import { type BenchProcess, startBenchProcess } from './bench-process';
import { answerOf, measure, type Measurement, median } from './measure';

const FIRST_PORT = 4700;
const GATEWAY = join(__dirname, '../../../gateway/src/main.ts');

interface GatewayBenchOptions {
  readonly rounds: number;
  readonly seconds: number;
  readonly tell: (line: string) => void;
}

type Contender = 'stock' | 'shopgraph';

/**
 * Measures our gateway (`--open`: without the shop's rules, signing and limits) beside a stock Apollo gateway, on
 * the same subgraphs in processes of their own. In each round both are loaded in turn; what counts are the ratios
 * of a round, because a machine's speed drifts.
 */
export async function benchGateways({ rounds, seconds, tell }: GatewayBenchOptions): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'shopgraph-bench-'));
  const supergraphPath = join(directory, 'supergraph.graphql');
  await writeFile(supergraphPath, composeBenchGraph());
  const processes: BenchProcess[] = [];
  const start = async (file: string, args: string[], port: number): Promise<string> => {
    const started = await startBenchProcess(file, args, port);
    processes.push(started);
    return started.url;
  };
  try {
    for (const [index, { name }] of benchGraph.entries()) {
      await start(join(__dirname, 'bench-subgraph-main.ts'), [name, String(portOf(index))], portOf(index));
    }
    const [stockPort, ourPort] = [portOf(benchGraph.length), portOf(benchGraph.length + 1)];
    const urls: Record<Contender, string> = {
      stock: await start(join(__dirname, 'stock-gateway-main.ts'), [supergraphPath, String(stockPort)], stockPort),
      shopgraph: await start(GATEWAY, ['--supergraph', supergraphPath, '--port', String(ourPort), '--open'], ourPort),
    };
    tell(
      '| query | stock: answers/s, p50, p99 | shopgraph: answers/s, p50, p99 | ratio (min–max) |\n|---|---|---|---|',
    );
    for (const [name, operation] of Object.entries(benchQueries)) {
      tell(row(name, await compare(urls, JSON.stringify(operation), rounds, seconds)));
    }
  } finally {
    await Promise.all(processes.map((running) => running.stop()));
    await rm(directory, { recursive: true });
  }
}

type Rounds = readonly Readonly<Record<Contender, Measurement>>[];

async function compare(
  urls: Record<Contender, string>,
  body: string,
  rounds: number,
  seconds: number,
): Promise<Rounds> {
  const [expected, answered] = [await answerOf(urls.stock, body), await answerOf(urls.shopgraph, body)];
  if (JSON.stringify(JSON.parse(expected)) !== JSON.stringify(JSON.parse(answered))) {
    throw new Error(`the gateways answer differently to ${body}:\n${expected}\n${answered}`);
  }
  const measured: Record<Contender, Measurement>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const stock = await measure(urls.stock, body, seconds);
    const shopgraph = await measure(urls.shopgraph, body, seconds);
    measured.push({ stock, shopgraph });
  }
  return measured;
}

function row(name: string, rounds: Rounds): string {
  const ratios = rounds.map(({ stock, shopgraph }) => shopgraph.perSecond / stock.perSecond);
  const show = (contender: Contender): string => {
    const of = (figure: keyof Measurement) => median(rounds.map((round) => round[contender][figure]));
    return `${of('perSecond').toFixed(0)}, ${of('p50').toFixed(0)} ms, ${of('p99').toFixed(0)} ms`;
  };
  const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  return `| ${name} | ${show('stock')} | ${show('shopgraph')} | ${median(ratios).toFixed(2)} (${spread}) |`;
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
