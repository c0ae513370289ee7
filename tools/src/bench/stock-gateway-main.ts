import { readFile } from 'node:fs/promises';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

/** What one gets by following Apollo's documentation: ApolloGateway in a standalone ApolloServer. */
async function main(supergraphPath: string, port: number): Promise<void> {
  const gateway = new ApolloGateway({ supergraphSdl: await readFile(supergraphPath, 'utf8') });
  const server = new ApolloServer({ gateway });
  await startStandaloneServer(server, { listen: { host: '127.0.0.1', port } });
  process.stdout.write('ready\n');
}

const [, , supergraphPath = '', port = ''] = process.argv;
main(supergraphPath, Number(port)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
