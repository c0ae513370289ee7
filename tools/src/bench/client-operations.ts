import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../check-generated-files';

/** An operation as the manifest of persisted queries has it. */
interface ClientOperation {
  readonly name: string;
  readonly body: string;
}

/** The operations that the shop's client sends. */
export function clientOperations(): readonly ClientOperation[] {
  const manifest = readFileSync(join(ROOT, 'packages/client/persisted-queries.json'), 'utf8');
  return Object.values(JSON.parse(manifest) as Record<string, ClientOperation>);
}
