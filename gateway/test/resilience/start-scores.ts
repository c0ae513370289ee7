import { FakeClock, startTestRedis } from '@shopgraph/kit/testing';
import { parse } from 'graphql';
import { request } from 'undici';
import { open } from '../shop';
import { startGatewayFor } from '../start-gateway';
import { FEDERATION } from '../start-subgraph';
import { answer, type Respond, startReplica } from './fake-replica';

const TYPES = {
  scores: 'type Query { best: Int rank(of: String): Int } type Mutation { raise: Int }',
  names: 'type Query { name: String }',
};

/** What scores answers when all is well. */
export const good = answer({ data: { best: 7, rank: 1, raise: 8 } });

/** UNAVAILABLE at one field. */
export const unavailable = (...path: string[]) => ({
  message: 'This cannot be reached at the moment.',
  path,
  extensions: { code: 'UNAVAILABLE' },
});

/** Without waits, repetitions, a circuit that opens early, and caches, which share calls too, unless a test wants them. */
const CALM = {
  SUBGRAPH_RETRY_DELAY_MS: '1',
  SUBGRAPH_RETRIES: '0',
  SUBGRAPH_CIRCUIT_FAILURES: '1000',
  ENTITY_CACHE: 'off',
  RESPONSE_CACHE: 'off',
};

/** A gateway before replicas of `scores` that respond so, and before `names`, with which all is well. */
export async function startScores(replicasRespond: readonly Respond[], environment: Record<string, string> = {}) {
  const clock = new FakeClock('2026-01-01T00:00:00Z');
  const redis = await startTestRedis();
  const replicas = await Promise.all(replicasRespond.map((respond) => startReplica(respond)));
  const names = await startReplica(answer({ data: { name: 'Ada' } }));
  const [first] = replicas;
  if (!first) throw new Error('no replica');
  const subgraphs = [
    { name: 'scores', url: first.url, typeDefs: parse(FEDERATION + TYPES.scores) },
    { name: 'names', url: names.url, typeDefs: parse(FEDERATION + TYPES.names) },
  ];
  const gateway = await startGatewayFor({
    subgraphs,
    redis,
    clock,
    permissions: () => ({ Query: open('best', 'rank', 'name'), Mutation: open('raise') }),
    environment: { SUBGRAPH_URLS: `scores=${replicas.map(({ url }) => url).join('|')}`, ...CALM, ...environment },
  });

  return {
    ...gateway,
    clock,
    subgraphs,
    first,
    replicas,
    names,
    /** Asks, and may go away before there is an answer. */
    ask(query: string) {
      const client = new AbortController();
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ query });
      const sent = request(gateway.url, { method: 'POST', headers, body, signal: client.signal });
      sent.catch(() => undefined);
      return { sent, leave: () => client.abort() };
    },
    /** The value of a metric for scores. */
    async metric(name: string, labels = ''): Promise<number> {
      const { body } = await request(`${gateway.operationsOrigin}/metrics`);
      const lines = (await body.text()).split('\n');
      const line = lines.find((text) => text.startsWith(`${name}{subgraph="scores"${labels}`));
      return Number(line?.split(' ').at(-1) ?? 0);
    },
    async dependencies() {
      const { statusCode, body } = await request(`${gateway.operationsOrigin}/health/ready`);
      return { status: statusCode, ...((await body.json()) as { dependencies: Record<string, string> }).dependencies };
    },
    async stop(): Promise<void> {
      await Promise.all([...replicas, names].map((replica) => replica.stop()));
      await gateway.stop();
      redis.disconnect();
    },
  };
}

/** All of them at once. */
export const times = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index));
