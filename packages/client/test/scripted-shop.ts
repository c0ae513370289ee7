import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the shop got. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  /** As it came. */
  readonly body: string;
  /** The GraphQL request, from the body or the address. */
  readonly message: {
    operationName?: string;
    query?: string;
    variables?: Record<string, unknown>;
    extensions?: { persistedQuery?: { sha256Hash: string } };
  };
}

interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON unless it is text. */
  readonly body?: object | string;
}

type Step = ScriptedAnswer | 'cut' | 'hang' | ((request: ReceivedRequest) => ScriptedAnswer);

/** An answer that holds one error. */
export function refusal(code: string, status = 200): ScriptedAnswer {
  return { status, body: { errors: [{ message: `${code} it is`, extensions: { code } }] } };
}

/** A real HTTP server that answers by a script, one step a request; the last step stays. */
export async function startScriptedShop(...script: Step[]) {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await receive(request);
    requests.push(received);
    const step = script.length > 1 ? script.shift() : script[0];
    if (step === undefined || step === 'cut') return void request.socket.destroy();
    if (step === 'hang') return;
    const { status = 200, headers = {}, body = {} } = typeof step === 'function' ? step(received) : step;
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-request-id': `req-${requests.length}`,
      ...headers,
    });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    requests,
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function receive(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url: address = '', headers } = request;
  const url = new URL(address, 'http://shop');
  const text = Buffer.concat(chunks).toString();
  return { method, url, headers, body: text, message: text === '' ? messageIn(url) : JSON.parse(text) };
}

function messageIn({ searchParams }: URL): ReceivedRequest['message'] {
  const json = (name: string) => JSON.parse(searchParams.get(name) ?? 'null') ?? undefined;
  const operationName = searchParams.get('operationName');
  return {
    ...(operationName !== null && { operationName }),
    variables: json('variables'),
    extensions: json('extensions'),
  };
}
