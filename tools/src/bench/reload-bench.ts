import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../check-generated-files';
import { startBenchGateway } from './bench-shop-gateway';
import { clientOperations } from './client-operations';
import { collectedMemory, growthOf } from './collected-heap';

/** Before these the heap has not found its level: code is compiled, caches fill. */
const WARM_UP_RELOADS = 4;
const ROWS = 10;
const RELOAD_MS = 60_000;
const ALLOWED_GROWTH = 0.1;

interface ReloadBenchOptions {
  readonly reloads: number;
  readonly tell: (line: string) => void;
}

/**
 * Has the gateway take over the shop's supergraph and its public contract in turn, each with the client's operations
 * planned, and looks at the heap.
 * @returns Whether it was within a tenth of where it had begun.
 */
export async function benchReloads({ reloads, tell }: ReloadBenchOptions): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'shopgraph-bench-'));
  const path = join(directory, 'supergraph.graphql');
  const versions = await Promise.all(
    ['schema/contracts/public.supergraph.graphql', 'schema/supergraph.graphql'].map((file) =>
      readFile(join(ROOT, file), 'utf8'),
    ),
  );
  await writeFile(path, versions[1] ?? '');
  const queries = clientOperations().map(({ body }) => body);
  let served = 0;
  const { service, stop } = await startBenchGateway({
    environment: { SUPERGRAPH_PATH: path, SUPERGRAPH_POLL_MS: '20', LOG_LEVEL: 'info' },
    onLog(message) {
      if (message === 'serving a new supergraph') served += 1;
    },
  });
  const reload = async (index: number): Promise<void> => {
    const before = served;
    await writeFile(`${path}.new`, versions[index % 2] ?? '');
    await rename(`${path}.new`, path);
    for (const start = Date.now(); served === before;) {
      if (Date.now() - start > RELOAD_MS) throw new Error('the gateway did not take over the supergraph');
      await sleep(10);
    }
    // Whether they succeed does not matter here: what a version knows of is planned.
    for (const query of queries) await service.app.inject({ method: 'POST', url: '/graphql', payload: { query } });
  };
  try {
    for (let index = 0; index < WARM_UP_RELOADS; index += 1) await reload(index);
    const start = await collectedMemory();
    tell('| reloads | heap | resident |\n|---|---|---|');
    tell(`| 0 | ${start.heap.toFixed(1)} MiB | ${start.resident.toFixed(0)} MiB |`);
    let last = start;
    for (let index = 1; index <= reloads; index += 1) {
      await reload(WARM_UP_RELOADS + index - 1);
      // Compared with the version that it began with.
      if (index % Math.max(2, Math.ceil(reloads / ROWS / 2) * 2) !== 0 && index !== reloads) continue;
      last = await collectedMemory();
      tell(`| ${index} | ${last.heap.toFixed(1)} MiB | ${last.resident.toFixed(0)} MiB |`);
    }
    const growth = growthOf(start.heap, last.heap);
    tell(`\nThe heap grew by ${(growth * 100).toFixed(1)} %; ${ALLOWED_GROWTH * 100} % are allowed.`);
    return growth <= ALLOWED_GROWTH;
  } finally {
    await stop();
    await rm(directory, { recursive: true });
  }
}
