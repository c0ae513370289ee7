import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadConfig as loadGatewayConfig, ratesOf } from '@shopgraph/gateway';
import { closeOnSignal, operationsPortOf } from '@shopgraph/kit';
import { demoAccounts, DEMO_PASSWORD } from './demo-accounts';
import { LAST_ONE_SKU } from './demo-catalogue';
import { seedShop } from './seed-shop';
import { type Shop, startShop, type Subgraphs } from './shop';
import { loadShopConfig, withSigningKeys } from './shop-config';
import { terminalLogger } from './shop-logger';

const USAGE = `npm start -- [--fresh] [--no-seed]

Starts the whole shop in one process: the gateway, four subgraphs, and embedded stores for those that the
environment does not name (MONGODB_URI, REDIS_URL, RABBITMQ_URL).

  --fresh    removes first what earlier runs have left in DATA_DIR (.data)
  --no-seed  leaves an empty shop empty
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { fresh: { type: 'boolean' }, 'no-seed': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return void process.stdout.write(USAGE);

  const start = performance.now();
  const { DATA_DIR, LOG_LEVEL, SHUTDOWN_GRACE_MS } = loadShopConfig(process.env);
  if (values.fresh) await forget(DATA_DIR);
  const logger = terminalLogger(DATA_DIR, LOG_LEVEL);
  let created = 0;
  const prepare = async (subgraphs: Subgraphs): Promise<void> => void (created = await seedShop(subgraphs));
  const shop = await startShop(process.env, { logger, ...(!values['no-seed'] && { prepare }) });
  closeOnSignal(() => shop.close(), SHUTDOWN_GRACE_MS, logger('gateway'));
  process.stdout.write(welcome(shop, created, (performance.now() - start) / 1000));
  if (created > 0) collectGarbage();
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

function welcome({ origins, config, stores: { summary } }: Shop, created: number, seconds: number): string {
  const { port } = new URL(origins.gateway);
  const url = `http://localhost:${port}/graphql`;
  return `
Shopgraph is ready (${seconds.toFixed(1)} s${created > 0 ? `, ${created} demo products created` : ''}).

  GraphQL      ${url}   (open it in a browser for Apollo Sandbox)
  Subgraphs    users ${portOf(origins.users)}, products ${portOf(origins.products)}, inventory ${portOf(origins.inventory)}, orders ${portOf(origins.orders)}   (they answer signed calls only)
  Operations   http://localhost:${operationsPortOf(Number(port))}/health/ready and /metrics; likewise each subgraph at its port + 100
  Documents    ${summary.documents}
  Ephemeral    ${summary.ephemeral}
  Events       ${summary.events}
  Mails, logs  ${config.DATA_DIR}/mail/, ${config.DATA_DIR}/shop.log
  Limits       ${limits()}

  Accounts     ${demoAccounts.map(({ email }) => email).join(', ')}
  Password     ${DEMO_PASSWORD}

A query worth pasting:

  query Products {
    products(first: 3) {
      edges { node { name slug variants(first: 4) { edges { node { sku price { amount currencyCode } availability { inStock quantity } } } } } }
    }
    lastOne: variant(sku: "${LAST_ONE_SKU}") { name availability { quantity } }
  }

Ctrl-C stops the shop; what it holds is there again at the next start. npm run demo tells the whole story.
`;
}

/** How often clients may ask, and how that is changed. */
function limits(): string {
  const rates = ratesOf(loadGatewayConfig(withSigningKeys(process.env)));
  if (!rates) return 'off (RATE_LIMITS)';
  const [anonymous, user] = [rates.anonymous, rates.user].map(
    ({ count, seconds }) => `${count} requests in ${seconds} s`,
  );
  return `${anonymous} an address, ${user} a user (RATE_LIMIT_ANONYMOUS, RATE_LIMIT_USER)`;
}

function portOf(origin: string): string {
  return new URL(origin).port;
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
