import { escapeHtml } from './escape-html';

/** What a mail says. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The parts of a letter, as plain text: whatever is in them is shown, never interpreted. */
export interface LetterParts {
  readonly subject: string;
  /** What lists of mails show beside the subject. */
  readonly preheader: string;
  /** Whom it greets; null for a mailbox that nobody has shown to be theirs yet. */
  readonly name: string | null;
  readonly paragraphs: readonly string[];
  /** Names and values of what has happened. */
  readonly details?: readonly (readonly [name: string, value: string])[];
  /** What to do: one button, and the same link to copy. */
  readonly action: { readonly label: string; readonly url: string };
  /** What stands below the button. */
  readonly closing: readonly string[];
}

const FONT = 'font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif';
const TEXT = `${FONT};font-size:16px;line-height:24px;color:#1f2933`;
const SMALL = `${FONT};font-size:13px;line-height:20px;color:#52606d`;
const BUTTON =
  'display:inline-block;padding:12px 24px;border-radius:6px;background-color:#1d4ed8;color:#ffffff;' +
  `${FONT};font-size:16px;line-height:20px;font-weight:600;text-decoration:none`;

/** The one look of all letters: as text, and as HTML that old mail programs show too (tables, inline styles, no images). */
export function layOut(parts: LetterParts): Letter {
  return { subject: parts.subject, text: textOf(parts), html: htmlOf(parts) };
}

function textOf({ name, paragraphs, details = [], action, closing }: LetterParts): string {
  const facts = details.map(([label, value]) => `${label}: ${value}`).join('\n');
  const all = [greeting(name), ...paragraphs, facts, `${action.label}:\n${action.url}`, ...closing];
  return `${all.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}

function htmlOf({ subject, preheader, name, paragraphs, details = [], action, closing }: LetterParts): string {
  const url = escapeHtml(action.url);
  const rows = details.map(
    ([label, value]) =>
      `<tr><td style="${SMALL};padding:2px 16px 2px 0">${escapeHtml(label)}</td>` +
      `<td style="${SMALL};padding:2px 0;color:#1f2933">${escapeHtml(value)}</td></tr>`,
  );
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escapeHtml(subject)}</title></head>`,
    '<body style="margin:0;padding:0;background-color:#f1f5f9">',
    `<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(preheader)}</div>`,
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background-color:#f1f5f9">',
    '<tr><td align="center" style="padding:24px 12px">',
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" ',
    'style="max-width:560px;background-color:#ffffff;border-radius:8px"><tr><td style="padding:32px">',
    `<h1 style="margin:0 0 20px;${FONT};font-size:22px;line-height:28px;color:#111827">${escapeHtml(subject)}</h1>`,
    ...[greeting(name), ...paragraphs].map((text) => paragraph(text, TEXT)),
    rows.length === 0
      ? ''
      : `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 16px">${rows.join('')}</table>`,
    `<p style="margin:24px 0"><a href="${url}" style="${BUTTON}">${escapeHtml(action.label)}</a></p>`,
    ...closing.map((text) => paragraph(text, TEXT)),
    `<p style="margin:24px 0 0;${SMALL}">If the button does not work, copy this address into your browser:<br>`,
    `<a href="${url}" style="color:#1d4ed8;word-break:break-all">${url}</a></p>`,
    '</td></tr></table></td></tr></table></body></html>',
  ].join('');
}

function greeting(name: string | null): string {
  return name === null ? 'Hello,' : `Hello ${name},`;
}

function paragraph(text: string, style: string): string {
  return `<p style="margin:0 0 16px;${style}">${escapeHtml(text)}</p>`;
}
