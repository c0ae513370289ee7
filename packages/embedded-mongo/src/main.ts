import { parseArgs } from 'node:util';
import { z } from 'zod';
import { EmbeddedMongo } from './server';

const HELP = `Usage: npm run mongo -- [options]

Serves the embedded MongoDB alone and prints its URI.

  --port N    port to listen on (27017); 0 is any free one
  --data DIR  where documents are kept, such as .data/mongo; in memory unless given
  --host H    address to listen on (127.0.0.1)
  --fsync     every write waits for the disk
  --help      show this
`;

const port = '--port needs a number up to 65535';
const optionsSchema = z.object({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.coerce.number(port).int(port).min(0, port).max(65_535, port).default(27_017),
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
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const options = optionsSchema.safeParse(values);
  if (!options.success) throw new Error(options.error.issues.map(({ message }) => message).join('\n'));
  const { host, port, data, fsync } = options.data;
  const server = await EmbeddedMongo.start({ host, port, fsync, ...(data === undefined ? {} : { dataDir: data }) });
  console.log(server.uri);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop());
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
