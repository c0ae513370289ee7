import { escapeHtml } from '../escape-html';
import type { FiledMail } from './mail-folder';
import { tokenMutation } from './token-mutations';

const RELOAD_SECONDS = 5;
const STYLE = `
  body { margin: 0 auto; max-width: 860px; padding: 32px 16px; font: 16px/1.5 system-ui, sans-serif; color: #1f2933; background: #f8fafc }
  a { color: #1d4ed8; text-decoration: none } a:hover { text-decoration: underline }
  h1 { font-size: 24px; margin: 0 0 4px } h2 { font-size: 15px; margin: 28px 0 8px; color: #52606d }
  .hint { color: #52606d; margin: 0 0 24px }
  ul { list-style: none; margin: 0; padding: 0; background: #fff; border: 1px solid #dbe2ea; border-radius: 8px }
  li { display: grid; grid-template-columns: 1fr auto; gap: 0 16px; padding: 12px 16px; border-top: 1px solid #e8edf3 } li:first-child { border: 0 }
  li .to, li time { color: #52606d; font-size: 14px } li time { grid-row: 1 / 3; grid-column: 2; align-self: center; white-space: nowrap }
  dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px; margin: 16px 0 } dt { color: #52606d } dd { margin: 0; overflow-wrap: anywhere }
  pre { margin: 0; padding: 12px 16px; background: #fff; border: 1px solid #dbe2ea; border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 13px }
  pre.copy { user-select: all; cursor: copy }
  iframe { box-sizing: border-box; width: 100%; height: 620px; border: 1px solid #dbe2ea; border-radius: 8px; background: #fff }`;

/** The newest mails; loads itself again. */
export function inboxPage(mails: readonly FiledMail[]): string {
  const rows = mails.map(
    ({ id, subject, to, sentAt }) =>
      `<li><a href="/inbox/${escapeHtml(id)}">${escapeHtml(subject)}</a>` +
      `<span class="to">to ${escapeHtml(to)}</span><time>${escapeHtml(timeOf(sentAt))}</time></li>`,
  );
  const list = rows.length === 0 ? '<p>No mails yet.</p>' : `<ul>${rows.join('')}</ul>`;
  return page(
    'Inbox',
    `<h1>Inbox</h1>
    <p class="hint">What the shop has mailed, to whomever. In development only.
    Loads itself every ${RELOAD_SECONDS} seconds; <a href="/inbox">now</a>.</p>${list}`,
    `<meta http-equiv="refresh" content="${RELOAD_SECONDS}">`,
  );
}

/** One mail. Its HTML is shown as a mail program would: in a frame that runs nothing and loads nothing. */
export function mailPage({ kind, subject, to, sentAt, text, html, token }: FiledMail): string {
  return page(
    subject,
    `<p><a href="/inbox">← Inbox</a></p>
    <h1>${escapeHtml(subject)}</h1>
    <dl><dt>To</dt><dd>${escapeHtml(to)}</dd><dt>Sent</dt><dd>${escapeHtml(timeOf(sentAt))}</dd></dl>
    ${token === null ? '' : tokenSection(token, tokenMutation(kind, token))}
    <h2>As HTML</h2>
    <iframe sandbox title="The mail as HTML" srcdoc="${escapeHtml(html)}"></iframe>
    <h2>As text</h2>
    <pre>${escapeHtml(text)}</pre>`,
  );
}

/** What is shown where there is no such mail. */
export function missingPage(): string {
  return page('No such mail', '<p><a href="/inbox">← Inbox</a></p><h1>No such mail</h1>');
}

function tokenSection(token: string, mutation: string | null): string {
  const use = mutation === null ? '' : `<h2>What to do with it</h2><pre class="copy">${escapeHtml(mutation)}</pre>`;
  return `<h2>Token (one click selects it)</h2><pre class="copy">${escapeHtml(token)}</pre>${use}`;
}

function timeOf(sentAt: string): string {
  return `${sentAt.slice(0, 19).replace('T', ' ')} UTC`;
}

function page(title: string, body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width,initial-scale=1">${head}
    <title>${escapeHtml(title)} · Shopgraph</title><style>${STYLE}</style></head><body>${body}</body></html>`;
}
