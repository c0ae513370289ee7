import { accountExistsLetter, verificationLetter } from '../../src/mail/letters';

const publicUrl = 'https://shop.example/';

describe('a letter', () => {
  it('that asks for verification links to the page, with the token', () => {
    const { subject, text, html } = verificationLetter({ name: 'Ada', token: 'a-token_1', publicUrl });
    const link = 'https://shop.example/verify-email?token=a-token_1';
    expect(subject).toBe('Confirm your e-mail address');
    expect(text).toContain(`Hello Ada,\n\n`);
    expect(text).toContain(`\n\n${link}\n\n`);
    expect(html).toContain(`<a href="${link}">${link}</a>`);
  });

  it('that tells of an account has no token, and links to where one signs in', () => {
    const { text } = accountExistsLetter({ name: 'Ada', publicUrl });
    expect(text).toContain('https://shop.example/login');
    expect(text).not.toContain('token');
  });

  it('shows a name as text, whatever is in it', () => {
    const name = `<img src=x onerror="alert('1')"> & Söhne`;
    const { text, html } = accountExistsLetter({ name, publicUrl });
    expect(text).toContain(name);
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; Söhne');
    expect(html).not.toContain('<img');
  });
});
