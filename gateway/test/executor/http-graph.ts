import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { FakeClock } from '@shopgraph/kit/testing';
import { graphql, parse } from 'graphql';
import { pino } from 'pino';
import { request } from 'undici';
import { loadOpenConfig } from '../../src/config';
import { buildOpenGateway } from '../../src/open-gateway';
import { type Answer, compose } from '../start-gateway';
import { FEDERATION } from '../start-subgraph';
import type { Resolvers } from './small-graph';

/** A request as it arrived at a subgraph. */
export interface ReceivedCall {
  readonly query: string;
  readonly variables: {
    readonly representations?: readonly Record<string, unknown>[];
    readonly [name: string]: unknown;
  };
}

/** Answers a call in its own way; `answer` is what the subgraph would have answered. */
export type Behaviour = (
  call: ReceivedCall,
  response: ServerResponse,
  answer: string,
  incoming: IncomingMessage,
) => unknown;

const behaveWell: Behaviour = (_call, response, answer) =>
  response.setHeader('content-type', 'application/json').end(answer);

/** Behaves as if its resolvers had answered this. */
export const answering =
  (answer: unknown): Behaviour =>
  (_call, response) =>
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));

/** A subgraph over plain HTTP that behaves as it is told. */
async function startHttpSubgraph(name: string, sdl: string, resolvers: Resolvers) {
  const typeDefs = parse(FEDERATION + sdl);
  const schema = buildSubgraphSchema({ typeDefs, resolvers: resolvers as never });
  const calls: ReceivedCall[] = [];
  const sockets = new Set<Socket>();
  const state = { behave: behaveWell };
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const call = JSON.parse(Buffer.concat(chunks).toString()) as ReceivedCall;
    calls.push(call);
    const answer = await graphql({ schema, source: call.query, variableValues: call.variables });
    state.behave(call, response, JSON.stringify(answer), incoming);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    name,
    typeDefs,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    calls,
    /** Connections that are open. */
    sockets,
    behave: (behaviour: Behaviour) => void (state.behave = behaviour),
    reset(): void {
      state.behave = behaveWell;
      calls.splice(0);
    },
    stop(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}

export type HttpSubgraph = Awaited<ReturnType<typeof startHttpSubgraph>>;

/** The open gateway before subgraphs over plain HTTP. */
export async function startHttpGraph<Name extends string>(
  definitions: Readonly<Record<Name, readonly [typeDefs: string, resolvers: Resolvers]>>,
  environment: Readonly<Record<string, string>> = {},
) {
  const started = await Promise.all(
    Object.entries<readonly [string, Resolvers]>(definitions).map(([name, [sdl, resolvers]]) =>
      startHttpSubgraph(name, sdl, resolvers),
    ),
  );
  const directory = await mkdtemp(join(tmpdir(), 'graph-'));
  const supergraphPath = join(directory, 'supergraph.graphql');
  await writeFile(supergraphPath, compose(started));
  const logged: string[] = [];
  const app = await buildOpenGateway({
    supergraphPath,
    config: loadOpenConfig({ NODE_ENV: 'test', ...environment }),
    clock: new FakeClock('2026-01-01T00:00:00Z'),
    logger: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
  });
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`;
  const subgraphs = Object.fromEntries(started.map((subgraph) => [subgraph.name, subgraph])) as Record<
    Name,
    HttpSubgraph
  >;
  return {
    url,
    subgraphs,
    logged,
    async send(query: string, variables: unknown = {}, signal?: AbortSignal) {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ query, variables });
      const response = await request(url, { method: 'POST', headers, body, ...(signal && { signal }) });
      const text = await response.body.text();
      return { status: response.statusCode, text, ...(JSON.parse(text) as Answer) };
    },
    reset: () => started.forEach((subgraph) => subgraph.reset()),
    async stop(): Promise<void> {
      started.forEach((subgraph) => subgraph.stop());
      await app.close();
      await rm(directory, { recursive: true });
    },
  };
}
