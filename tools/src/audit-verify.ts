import { parseArgs } from 'node:util';
import { createLogger, openStores } from '@shopgraph/kit';
import { loadConfig, readHead, verifyAuditLog } from '@shopgraph/users';
import { withSigningKeys } from './shop-config';

const USAGE = 'npm run audit:verify -- [--head <sequence>:<hash>] [--from <sequence>:<hash>]';

/**
 * Verifies the audit log in the database that MONGODB_URI names, with the key of KEY_ENCRYPTION_SECRET. Exits with 1
 * when it is not as it was written, or not as a head says that was noted before.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { head: { type: 'string' }, from: { type: 'string' } } });
  const [head, from] = [headOf(values.head), headOf(values.from)];
  const config = loadConfig(withSigningKeys(process.env));
  if (config.MONGODB_URI === undefined) {
    throw new Error('npm run audit:verify works on the database that MONGODB_URI names.');
  }
  const stores = await openStores(config, {
    service: 'users',
    logger: createLogger({ service: 'users', level: config.LOG_LEVEL }),
  });
  try {
    const found = await verifyAuditLog(stores.connection, { secrets: config.KEY_ENCRYPTION_SECRET, head, from });
    process.stdout.write(`${found.entryCount} entries, head ${found.head.sequence}:${found.head.chainHash}\n`);
    if (found.unsealedCount > 0) process.stdout.write(`${found.unsealedCount} entries wait for their place\n`);
    if (!found.fault) return;
    const { kind, sequence, id, message } = found.fault;
    process.stdout.write(
      `BROKEN at ${sequence ?? 'an entry without a place'} (${id ?? 'no entry'}): ${kind}: ${message}\n`,
    );
    process.exitCode = 1;
  } finally {
    await stores.close();
  }
}

function headOf(text: string | undefined) {
  if (text === undefined) return undefined;
  const head = readHead(text);
  if (!head) throw new Error(`${text} is no <sequence>:<hash>. Usage: ${USAGE}`);
  return head;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
