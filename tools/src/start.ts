import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { closeOnSignal } from '@shopgraph/kit';
import { seedShop } from './seed-shop';
import { startShop, type Subgraphs } from './shop';
import { loadShopConfig } from './shop-config';
import { terminalLogger } from './shop-logger';
import { welcome } from './welcome';

/** How often is looked whether npm is still there. */
const PARENT_POLL_MS = 500;

const USAGE = `npm start -- [--fresh] [--seed] [--no-seed]

Starts the whole shop in one process: the gateway, four subgraphs, and embedded stores for those that the
environment does not name (MONGODB_URI, REDIS_URL, RABBITMQ_URL).

  --fresh    removes first what earlier runs have left in DATA_DIR (.data)
  --seed     fills an empty shop with the demo shop also under NODE_ENV=production, where nobody else should know it
  --no-seed  leaves an empty shop empty
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      fresh: { type: 'boolean' },
      seed: { type: 'boolean' },
      'no-seed': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);

  const start = performance.now();
  const { NODE_ENV, DATA_DIR, LOG_LEVEL, SHUTDOWN_GRACE_MS } = loadShopConfig(process.env);
  // The password of the demo accounts is public.
  const isSeeded = values.seed === true || (values['no-seed'] !== true && NODE_ENV !== 'production');
  if (values.fresh) await forget(DATA_DIR);
  const logger = terminalLogger(DATA_DIR, LOG_LEVEL);
  let created = 0;
  const prepare = async (subgraphs: Subgraphs): Promise<void> => void (created = await seedShop(subgraphs));
  const shop = await startShop(process.env, { logger, ...(isSeeded && { prepare }) });
  closeOnSignal(() => shop.close(), SHUTDOWN_GRACE_MS, logger('gateway'));
  endWithNpm();
  process.stdout.write(welcome(shop, { isSeeded, created, seconds: (performance.now() - start) / 1000 }));
  if (created > 0) collectGarbage();
}

/**
 * A signal to npm reaches the shell that npm has started us by, and that shell ends without passing it on: nobody
 * would be left who could stop the shop.
 */
function endWithNpm(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  setInterval(() => {
    if (process.ppid !== shell) process.kill(process.pid, 'SIGTERM');
  }, PARENT_POLL_MS).unref();
}

/** Seeding leaves a third of the heap behind, at which V8 would look only when something happens in the shop. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/**
 * Removes what earlier runs have left, and nothing else that may lie there.
 * @throws Error when a shop has it open.
 */
async function forget(dataDir: string): Promise<void> {
  const { removeDirectory } = await import('@shopgraph/embedded-mongo');
  removeDirectory(join(dataDir, 'mongo'));
  for (const name of ['mail', 'shop.log']) await rm(join(dataDir, name), { recursive: true, force: true });
}

main().catch((error: unknown) => {
  process.stderr.write(`${describe(error)}\n`);
  process.exit(1);
});

function describe(error: unknown): string {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${message}\n\n${USAGE}`;
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken. Stop what listens there, or choose another with GATEWAY_PORT, USERS_PORT, PRODUCTS_PORT, INVENTORY_PORT or ORDERS_PORT (health and metrics listen 100 above each).`;
  }
  return message;
}
