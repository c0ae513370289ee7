import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createSession } from '@shopgraph/client';
import { createLogger } from '@shopgraph/kit';
import { seedShop } from './seed-shop';
import { type ServiceName, startShop } from './shop';
import { tellStory } from './story';

const USAGE = `npm run demo -- [--url URL --data DIR]

Tells the story of a purchase with the generated client: register, confirm the address, browse, fill a cart, check
out, look at the order, cancel it. In a shop of its own that is gone afterwards, unless told where one runs.

  --url URL   the GraphQL endpoint of a running shop, such as http://localhost:4000/graphql
  --data DIR  where that shop leaves its mails (.data)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      data: { type: 'string', default: '.data' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  if (values.url !== undefined) return tellStoryIn(values.url, values.data);

  const dataDir = await mkdtemp(join(tmpdir(), 'shopgraph-demo-'));
  const ports = { GATEWAY_PORT: '0', USERS_PORT: '0', PRODUCTS_PORT: '0', INVENTORY_PORT: '0', ORDERS_PORT: '0' };
  const stores = { MONGODB_URI: '', REDIS_URL: '', RABBITMQ_URL: '', DATA_DIR: dataDir, HOST: '127.0.0.1' };
  const logger = (service: ServiceName) => createLogger({ service, level: 'silent' });
  const prepare = async (subgraphs: Parameters<typeof seedShop>[0]): Promise<void> => void (await seedShop(subgraphs));
  const shop = await startShop({ ...process.env, ...ports, ...stores }, { logger, prepare });
  try {
    await tellStoryIn(`${shop.origins.gateway}/graphql`, dataDir);
  } finally {
    await shop.close();
    await rm(dataDir, { recursive: true });
  }
}

async function tellStoryIn(url: string, dataDir: string): Promise<void> {
  const { client } = createSession({ url });
  await tellStory({
    client,
    tokenMailedTo: (address) => newestToken(join(dataDir, 'mail'), address),
    tell: (line) => process.stdout.write(`${line}\n`),
  });
}

/** The token in the newest mail to an address, once it is there. @throws Error after 10 s without one. */
async function newestToken(folder: string, address: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
    for (const name of names.reverse()) {
      const mail = JSON.parse(await readFile(join(folder, name), 'utf8')) as { to: string; token: string | null };
      if (mail.to === address && mail.token !== null) return mail.token;
    }
    await sleep(100);
  }
  throw new Error(`no mail to ${address} in ${folder}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
