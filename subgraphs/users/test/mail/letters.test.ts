import { type LetterFacts, writeLetter } from '../../src/mail/letters';
import type { LetterKind } from '../../src/mail/queued-mail';
import { NOW } from '../builders';

const TOKEN = 'a-token_1';
const occasion = { at: NOW, ip: '203.0.113.7', userAgent: null, newAddress: 'e…@example.com' };
const facts = (overrides: Partial<LetterFacts> = {}): LetterFacts => ({
  name: 'Ada',
  token: TOKEN,
  publicUrl: 'https://shop.example/',
  occasion,
  ...overrides,
});

/** Each kind, where its button leads, and whether the mailbox is known to be the user's. */
const KINDS: [LetterKind, string, boolean][] = [
  ['verification', `verify-email?token=${TOKEN}`, false],
  ['account-exists', 'login', true],
  ['password-reset', `reset-password?token=${TOKEN}`, true],
  ['password-changed', 'forgot-password', true],
  ['email-change', `confirm-email-change?token=${TOKEN}`, false],
  ['email-change-notice', 'forgot-password', true],
  ['email-changed', 'support', true],
  ['session-stolen', 'forgot-password', true],
];

describe.each(KINDS)('a letter of kind %s', (kind, page, isKnown) => {
  const link = `https://shop.example/${page}`;

  it('has a subject of its own', () => {
    const subjects = KINDS.map(([other]) => writeLetter(other, facts()).subject);
    expect(subjects.filter((subject) => subject === writeLetter(kind, facts()).subject)).toHaveLength(1);
  });

  it('has one link, as a button and to copy, and the same in the text', () => {
    const { text, html } = writeLetter(kind, facts());
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)).toEqual([link, link]);
    expect(html).toContain(`>${link}</a>`);
    expect(text.match(/https?:\S+/g)).toEqual([link]);
  });

  it('has the token only where it is to be used', () => {
    const { subject, text, html } = writeLetter(kind, facts());
    expect(subject).not.toContain(TOKEN);
    expect([text, html].map((part) => part.includes(TOKEN))).toEqual(Array(2).fill(page.includes(TOKEN)));
  });

  it(`greets ${isKnown ? 'the user by name' : 'a stranger without a name that somebody has typed'}`, () => {
    for (const part of [writeLetter(kind, facts()).text, writeLetter(kind, facts()).html]) {
      expect(part).toContain(isKnown ? 'Hello Ada,' : 'Hello,');
      expect(part.includes('Ada')).toBe(isKnown);
    }
  });

  it('loads nothing and runs nothing', () => {
    expect(writeLetter(kind, facts()).html).not.toMatch(/<(script|img|link|iframe|form|style)|url\(| on\w+=/i);
  });
});

describe('a letter', () => {
  it('shows a name as text, whatever is in it', () => {
    const name = `<img src=x onerror="alert('1')"> & Söhne`;
    const { text, html } = writeLetter('account-exists', facts({ name }));
    expect(text).toContain(name);
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; Söhne');
    expect(html).not.toContain('<img');
  });

  it('keeps a token in its link, whatever is in it', () => {
    const { html } = writeLetter('verification', facts({ token: '"><b>&x=1' }));
    expect(html).toContain('href="https://shop.example/verify-email?token=%22%3E%3Cb%3E%26x%3D1"');
  });

  it.each<LetterKind>(['password-changed', 'email-change-notice', 'email-changed'])(
    'of kind %s tells when and from where it was done',
    (kind) => {
      const { text, html } = writeLetter(kind, facts());
      expect(text).toContain('When: 1 January 2026 at 00:00 UTC\nFrom: 203.0.113.7\nNew address: e…@example.com\n\n');
      for (const value of ['1 January 2026 at 00:00 UTC', '203.0.113.7', 'e…@example.com']) {
        expect(html).toContain(`>${value}</td>`);
      }
    },
  );

  it('leaves out what is not known', () => {
    const { text } = writeLetter('password-changed', facts({ occasion: { ...occasion, ip: null, newAddress: null } }));
    expect(text).toContain('When:');
    expect(text).not.toMatch(/From:|New address:|null/);
  });
});
