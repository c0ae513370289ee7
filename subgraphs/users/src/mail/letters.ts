/** What a mail says. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface VerificationFacts {
  readonly name: string;
  readonly token: string;
  /** Where the shop's pages are, such as `https://shop.example`. */
  readonly publicUrl: string;
}

/** Asks somebody who registered to show that the address is theirs. */
export function verificationLetter({ name, token, publicUrl }: VerificationFacts): Letter {
  const url = pageUrl(publicUrl, `verify-email?token=${encodeURIComponent(token)}`);
  return letter('Confirm your e-mail address', name, [
    'Somebody, we hope you, has registered with this address. Confirm within 24 hours that it is yours:',
    { url },
    'If it was not you, do nothing: the account stays closed.',
  ]);
}

/** Tells the owner of an account that somebody tried to register with their address. */
export function accountExistsLetter({ name, publicUrl }: Omit<VerificationFacts, 'token'>): Letter {
  return letter('You already have an account', name, [
    'Somebody, perhaps you, has tried to register with this address. You already have an account, so nothing was changed. Sign in here:',
    { url: pageUrl(publicUrl, 'login') },
    'If it was not you, do nothing: nobody has got in.',
  ]);
}

type Paragraph = string | { readonly url: string };

function letter(subject: string, name: string, paragraphs: readonly Paragraph[]): Letter {
  const all: Paragraph[] = [`Hello ${name},`, ...paragraphs];
  const text = all.map((paragraph) => (typeof paragraph === 'string' ? paragraph : paragraph.url)).join('\n\n');
  const html = all.map(
    (paragraph) => `<p>${typeof paragraph === 'string' ? escapeHtml(paragraph) : anchor(paragraph.url)}</p>`,
  );
  return { subject, text: `${text}\n`, html: `<!doctype html><html lang="en"><body>${html.join('')}</body></html>` };
}

function anchor(target: string): string {
  const url = escapeHtml(target);
  return `<a href="${url}">${url}</a>`;
}

function pageUrl(publicUrl: string, page: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/${page}`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
