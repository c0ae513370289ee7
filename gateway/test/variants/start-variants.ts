import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signingKeysSchema } from '@shopgraph/kit';
import { FakeClock, startTestRedis } from '@shopgraph/kit/testing';
import { parse, print } from 'graphql';
import { scores, users } from '../shop';
import { compose, SIGNING_KEYS, startGatewayFor } from '../start-gateway';
import { startSubgraph, type TestSubgraph } from '../start-subgraph';

/** The test shop's public contract: without the list of users, what they score, and the closing of the shop. */
export function publicContract(subgraphs: readonly TestSubgraph[]): string {
  const hidden = ['users: [User!]!', 'score: Int', 'closeShop(reason: String): Boolean'];
  return compose(
    subgraphs.map((subgraph) => {
      const sdl = hidden.reduce(
        (text, field) => text.replace(field, `${field} @federation__inaccessible`),
        print(subgraph.typeDefs),
      );
      return { ...subgraph, typeDefs: parse(sdl) };
    }),
  );
}

/** The test shop as a whole and by its public contract, which is `public`. */
export async function startVariants(environment: Record<string, string> = {}) {
  const clock = new FakeClock('2026-01-01T00:00:00Z');
  const keys = signingKeysSchema.parse(SIGNING_KEYS);
  const redis = await startTestRedis();
  const subgraphs = await Promise.all([users, scores].map((definition) => startSubgraph(definition, keys, clock)));
  const directory = await mkdtemp(join(tmpdir(), 'variants-'));
  const contractPath = join(directory, 'public.supergraph.graphql');
  await writeFile(contractPath, publicContract(subgraphs));
  const gateway = await startGatewayFor({
    subgraphs,
    redis,
    clock,
    environment: { GRAPH_VARIANTS: `public=${contractPath}`, ...environment },
  });
  return {
    ...gateway,
    clock,
    redis,
    subgraphs,
    contractPath,
    async stop(): Promise<void> {
      await gateway.stop();
      await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
      redis.disconnect();
      await rm(directory, { recursive: true });
    },
  };
}
