import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';

/** Stands before a service; a request for which `observe` answers false is never passed on, nor answered. */
export async function startHttpProxy(target: string, observe: (body: string) => boolean) {
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await textOf(incoming);
      if (!observe(body)) return;
      const headers = Object.fromEntries(
        Object.entries(incoming.headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name)),
      );
      const answer = await request(target + String(incoming.url), { method: 'POST', headers, body });
      outgoing.writeHead(answer.statusCode, { 'content-type': 'application/json' });
      outgoing.end(await answer.body.text());
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
