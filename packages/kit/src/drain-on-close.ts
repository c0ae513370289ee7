import type { FastifyInstance } from 'fastify';

/**
 * Makes `close()` wait for the answers under way and for nothing else. The app needs `forceCloseConnections: true`:
 * Node.js counts neither connections that have never been used, which browsers open in advance, nor those whose last
 * answer went out while closing as idle, so that they would have to time out.
 * @param endStreams Called first: ends the answers that would not end by themselves.
 */
export function drainOnClose(app: FastifyInstance, endStreams: () => void = () => undefined): void {
  let underWay = 0;
  let onIdle = (): void => undefined;

  app.addHook('onRequest', async (_request, reply) => {
    underWay += 1;
    reply.raw.once('close', () => {
      underWay -= 1;
      if (underWay === 0) onIdle();
    });
  });
  // From here on Fastify answers new requests with 503.
  app.addHook('preClose', async () => {
    endStreams();
    if (underWay > 0) await new Promise<void>((resolve) => (onIdle = resolve));
  });
}
