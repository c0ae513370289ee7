import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The media type of server-sent events. */
const EVENTS = 'text/event-stream';
/** Says that the stream is there, and keeps it open: a comment, which no client minds. */
const SIGN_OF_LIFE = ':\n\n';

/** Whether a client wants its answer as server-sent events rather than as JSON: what it names first counts. */
export function prefersEvents({ headers: { accept } }: Pick<FastifyRequest, 'headers'>): boolean {
  const types = (accept ?? '').split(',').map((part) => (part.split(';')[0] ?? '').trim().toLowerCase());
  return types.find((type) => type === EVENTS || type === '*/*' || type.endsWith('json')) === EVENTS;
}

/**
 * Sends answers, each as JSON, as they come: `next` events, and `complete` at the end, as in the distinct connections
 * mode of GraphQL over SSE (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md). Whoever reads slowly is
 * asked for no more answers. When `answers` fails, the stream breaks off without `complete`.
 * @param keepAliveMs Milliseconds between two signs of life.
 */
export function sendEvents(
  reply: FastifyReply,
  answers: AsyncIterator<string, unknown>,
  keepAliveMs: number,
): FastifyReply {
  // Proxies that gather answers before they pass them on would hold events back.
  void reply.headers({
    'content-type': `${EVENTS}; charset=utf-8`,
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  return reply.send(eventStream(answers, keepAliveMs));
}

function eventStream(answers: AsyncIterator<string, unknown>, keepAliveMs: number): Readable {
  let isAsking = false;
  const stream = new Readable({
    read() {
      if (isAsking) return;
      isAsking = true;
      void ask();
    },
    destroy(error, done) {
      clearInterval(timer);
      // A client that has gone wants no more.
      void Promise.resolve(answers.return?.()).then(
        () => done(error),
        () => done(error),
      );
    },
  });
  // With it the headers leave, so that the client knows that it is heard.
  stream.push(SIGN_OF_LIFE);
  const timer = setInterval(() => {
    if (stream.readableLength === 0) stream.push(SIGN_OF_LIFE);
  }, keepAliveMs);
  timer.unref();

  async function ask(): Promise<void> {
    try {
      const { done, value } = await answers.next();
      isAsking = false;
      if (stream.destroyed) return;
      if (done !== true) return void stream.push(`event: next\ndata: ${value}\n\n`);
      stream.push('event: complete\ndata: \n\n');
      stream.push(null);
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }
  return stream;
}
