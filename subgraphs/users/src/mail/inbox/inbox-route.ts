import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../config';
import { inboxPage, mailPage, missingPage } from './inbox-page';
import type { MailFolder } from './mail-folder';

/** Nothing is loaded and nothing runs, here or in the frame of a mail, which inherits it; styles stand in both. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
const LOCAL_HOST = /^(localhost|[a-z0-9-]+\.localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Whether there is an inbox to look at: in development, as long as mails become files. */
export function hasInbox({ NODE_ENV, SMTP_URL }: Pick<Config, 'NODE_ENV' | 'SMTP_URL'>): boolean {
  return NODE_ENV === 'development' && SMTP_URL === undefined;
}

/**
 * Shows what was mailed at GET /inbox, for whoever develops on this machine: mails hold tokens, so it is neither for
 * the network that the machine is in, nor for pages of other sites that have a name of theirs lead here.
 */
export function serveInbox(app: FastifyInstance, folder: MailFolder): void {
  app.get('/inbox', async (request, reply) => {
    if (!isFromHere(request)) return void reply.callNotFound();
    return sendPage(reply, inboxPage(await folder.newest()));
  });

  app.get<{ Params: { id: string } }>('/inbox/:id', async (request, reply) => {
    if (!isFromHere(request)) return void reply.callNotFound();
    const mail = await folder.byId(request.params.id);
    return mail ? sendPage(reply, mailPage(mail)) : sendPage(reply.code(404), missingPage());
  });
}

function isFromHere({ socket, headers }: FastifyRequest): boolean {
  return LOOPBACK.test(socket.remoteAddress ?? '') && LOCAL_HOST.test(headers.host ?? '');
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply
    .headers({
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .type('text/html; charset=utf-8')
    .send(page);
}
