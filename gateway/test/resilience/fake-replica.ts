import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface ReceivedCall {
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

/** Answers one call. */
export type Respond = (response: ServerResponse, call: ReceivedCall) => void | Promise<void>;

/** Answers with data, or with whatever else a body is to hold. */
export const answer =
  (body: object, status = 200): Respond =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** Resets the connection instead of answering. */
export const reset: Respond = (response) => void response.socket?.resetAndDestroy();

/** Never answers. */
export const hang: Respond = () => undefined;

/** A replica of a subgraph that does as told: one response for each call, the last one for all that follow. */
export async function startReplica(...responses: Respond[]) {
  const calls: ReceivedCall[] = [];
  const state = { responses, abandoned: 0 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('close', () => (state.abandoned += response.writableFinished ? 0 : 1));
    request.on('end', () => {
      const call = { body: Buffer.concat(chunks).toString(), headers: request.headers };
      calls.push(call);
      void (state.responses.length > 1 ? state.responses.shift() : state.responses[0])?.(response, call);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    /** What has arrived so far. */
    calls,
    /** How many calls were closed before they were answered. */
    abandoned: () => state.abandoned,
    /** What it does from now on. */
    respond: (...next: Respond[]) => void (state.responses = next),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type FakeReplica = Awaited<ReturnType<typeof startReplica>>;
