import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { benchGraph, benchQueries } from './bench-graph';
import { type BenchProcess, OUR_FLAGS, startBenchProcess } from './bench-process';
import { growthOf, type MemoryFigures } from './collected-heap';
import { composeGraph, graphNamed, portOf } from './measured-graphs';

const CONNECTIONS = 20;
const ROUNDS = 10;
/** Of all requests, before the first look: code is compiled, and pools and caches fill. */
const WARM_UP_PART = 0.2;
const ALLOWED_GROWTH = 0.1;

interface MemoryBenchOptions {
  readonly requests: number;
  readonly tell: (line: string) => void;
}

/**
 * Has a gateway answer requests, and looks now and then at what it holds once everything is collected
 * that it does not need.
 * @returns Whether heap and resident memory end within a tenth of where they had begun.
 */
export async function benchMemory({ requests, tell }: MemoryBenchOptions): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'shopgraph-bench-'));
  const supergraphPath = join(directory, 'supergraph.graphql');
  await writeFile(supergraphPath, composeGraph(graphNamed('bench')));
  const subgraphs: BenchProcess[] = [];
  let gateway: ChildProcess | undefined;
  try {
    for (const [index, { name }] of benchGraph.entries()) {
      const port = portOf(index);
      const file = join(__dirname, 'bench-subgraph-main.ts');
      subgraphs.push(await startBenchProcess({ file, args: ['bench', name, String(port)], port }));
    }
    gateway = fork(join(__dirname, 'memory-gateway-main.ts'), [supergraphPath], {
      execArgv: [...OUR_FLAGS, '--import', 'tsx'],
      env: { ...process.env, NODE_ENV: 'production', APOLLO_TELEMETRY_DISABLED: 'true' },
    });
    const { url } = await answerOf<{ readonly url: string }>(gateway);
    await send(url, Math.ceil(requests * WARM_UP_PART));
    const start = await memoryOf(gateway);
    tell('| requests | heap | resident |\n|---|---|---|');
    tell(row(0, start));
    let last = start;
    for (let round = 1; round <= ROUNDS; round += 1) {
      await send(url, Math.ceil(requests / ROUNDS));
      last = await memoryOf(gateway);
      tell(row(Math.ceil(requests / ROUNDS) * round, last));
    }
    const [heap, resident] = [growthOf(start.heap, last.heap), growthOf(start.resident, last.resident)];
    tell(
      `\nThe heap grew by ${percent(heap)}, resident memory by ${percent(resident)}; ${percent(ALLOWED_GROWTH)} are allowed.`,
    );
    return heap <= ALLOWED_GROWTH && resident <= ALLOWED_GROWTH;
  } finally {
    if (gateway?.connected) {
      gateway.disconnect();
      await once(gateway, 'exit');
    }
    await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
    await rm(directory, { recursive: true });
  }
}

/** Sends so many requests, the operations in turn. @throws Error when one is no success. */
async function send(url: string, amount: number): Promise<void> {
  // Without the deep one, which takes as long as a hundred others: what counts here is their number.
  const operations = Object.entries(benchQueries).flatMap(([name, query]) => (name.startsWith('Q3') ? [] : [query]));
  const requests = operations.map((operation) => ({
    method: 'POST' as const,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(operation),
  }));
  const { non2xx, errors } = await autocannon({ url, connections: CONNECTIONS, amount, requests });
  if (non2xx + errors > 0) throw new Error(`${url}: ${non2xx} answers were refusals, ${errors} failed`);
}

async function memoryOf(gateway: ChildProcess): Promise<MemoryFigures> {
  gateway.send('memory');
  return answerOf<MemoryFigures>(gateway);
}

/** The next message of the gateway. @throws Error when it ends before. */
async function answerOf<Message>(gateway: ChildProcess): Promise<Message> {
  const settled = new AbortController();
  const ended = once(gateway, 'exit', { signal: settled.signal }).then(() => {
    throw new Error('the gateway has ended');
  });
  try {
    const [message] = (await Promise.race([once(gateway, 'message'), ended])) as [Message];
    return message;
  } finally {
    settled.abort();
  }
}

function row(requests: number, { heap, resident }: MemoryFigures): string {
  return `| ${requests} | ${heap.toFixed(1)} MiB | ${resident.toFixed(0)} MiB |`;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
