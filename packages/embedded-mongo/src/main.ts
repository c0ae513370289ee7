import { parseArgs } from 'node:util';
import { z } from 'zod';
import { EmbeddedMongo } from './server';

const optionsSchema = z.object({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.coerce.number().int().min(0).max(65_535).default(27_017),
  data: z.string().min(1).optional(),
  fsync: z.boolean().default(false),
});

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      host: { type: 'string' },
      port: { type: 'string' },
      data: { type: 'string' },
      fsync: { type: 'boolean' },
    },
  });
  const { host, port, data, fsync } = optionsSchema.parse(values);
  const server = await EmbeddedMongo.start({ host, port, fsync, ...(data === undefined ? {} : { dataDir: data }) });
  console.log(server.uri);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop());
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
