import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface ReceivedCall {
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly query: string; readonly variables: object };
}

/** Answers one call. */
export type Respond = (response: ServerResponse) => void;

/** Answers with a status and a JSON body. */
export const answer =
  (body: object, status = 200): Respond =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** Breaks the connection instead of answering. */
export const breakOff: Respond = (response) => void response.destroy();

/** Never answers. */
export const keepSilent: Respond = () => undefined;

/** A subgraph that does as told: one response for each call, the last one for all that follow. */
export async function fakeSubgraph(...responses: Respond[]) {
  const calls: ReceivedCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) as never });
      (responses.length > 1 ? responses.shift() : responses[0])?.(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    calls,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
