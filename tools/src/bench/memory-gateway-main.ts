import { startBenchGateway } from './bench-shop-gateway';
import { collectedMemory } from './collected-heap';
import { graphNamed } from './measured-graphs';

/** Serves the bench graph, and tells its parent what it holds whenever it is asked. */
async function main(supergraphPath: string): Promise<void> {
  const { service, stop } = await startBenchGateway({
    environment: { SUPERGRAPH_PATH: supergraphPath, LOG_LEVEL: 'silent' },
    permissions: graphNamed('bench').permissions,
  });
  const { origin } = await service.listen({ host: '127.0.0.1', port: 0, operationsPort: 0 });
  process.on('message', async () => process.send?.(await collectedMemory()));
  process.on('disconnect', () => void stop());
  process.send?.({ url: `${origin}/graphql` });
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
