import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';

interface HiveGateway {
  readonly createGatewayRuntime: (options: object) => RequestListener;
}

/** Hive Gateway before a supergraph, without its pages, its log and its masks. */
async function main(supergraphPath: string, port: number): Promise<void> {
  // Nothing else here needs it: who wants it in the table has installed it.
  const name = '@graphql-hive/gateway-runtime';
  const { createGatewayRuntime } = (await import(name)) as HiveGateway;
  const gateway = createGatewayRuntime({
    supergraph: await readFile(supergraphPath, 'utf8'),
    logging: false,
    landingPage: false,
    graphiql: false,
    maskedErrors: false,
  });
  createServer(gateway).listen(port, '127.0.0.1');
}

const [, , supergraphPath = '', port = ''] = process.argv;
main(supergraphPath, Number(port)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
