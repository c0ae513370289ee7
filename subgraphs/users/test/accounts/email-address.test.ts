import { normaliseEmail } from '../../src/accounts/email-address';

describe('an address', () => {
  it.each([
    ['as it is', 'ada@example.com', 'ada@example.com'],
    ['without the white space around it', ' \tada@example.com\n', 'ada@example.com'],
    ['in lower case', 'Ada.Lovelace@Example.COM', 'ada.lovelace@example.com'],
    ['in lower case beyond ASCII', 'ÄDA@example.com', 'äda@example.com'],
    ['in one Unicode form', 'a\u0308da@example.com', 'äda@example.com'],
    ['with its domain in ASCII', 'ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
    ['with the full stops of other scripts', 'ada@例え。テスト', 'ada@xn--r8jz45g.xn--zckzah'],
    ['with its tag', 'ada+shop@example.com', 'ada+shop@example.com'],
    ['with its dots', 'a.d.a@example.com', 'a.d.a@example.com'],
    ['with an apostrophe', "o'hara@example.ie", "o'hara@example.ie"],
  ])('is known %s', (_how, text, expected) => {
    expect(normaliseEmail(text)).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['no @', 'ada.example.com'],
    ['two @', 'ada@lovelace@example.com'],
    ['no local part', '@example.com'],
    ['no domain', 'ada@'],
    ['a domain without a dot', 'ada@localhost'],
    ['an IP address', 'ada@127.0.0.1'],
    ['an IP address in hexadecimal', 'ada@0x7f.1'],
    ['an IP address in brackets', 'ada@[127.0.0.1]'],
    ['a port', 'ada@example.com:25'],
    ['a path', 'ada@example.com/x'],
    ['an encoded domain', 'ada@ex%61mple.com'],
    ['a leading dot', '.ada@example.com'],
    ['two dots in a row', 'a..da@example.com'],
    ['a dot before the @', 'ada.@example.com'],
    ['a space within', 'a da@example.com'],
    ['a null byte', 'ada\0@example.com'],
    ['a line break that would start a header', 'ada@example.com\r\nBcc: eve@example.com'],
    ['two recipients', 'ada@example.com,eve@example.com'],
    ['a name before it', 'Ada <ada@example.com>'],
    ['half a character', 'a\ud800@example.com'],
    ['an empty label', 'ada@example..com'],
    ['a label that starts with a hyphen', 'ada@-example.com'],
    ['a local part of more than 64 octets', `${'a'.repeat(65)}@example.com`],
    ['more than 254 octets', `ada@${`${'a'.repeat(60)}.`.repeat(5)}com`],
  ])('with %s is none', (_what, text) => {
    expect(normaliseEmail(text)).toBeNull();
  });

  it('is left as it is when it is normalised again', () => {
    const address = normaliseEmail('ÄDA+x@Bücher.example') ?? '';
    expect(normaliseEmail(address)).toBe(address);
  });
});
