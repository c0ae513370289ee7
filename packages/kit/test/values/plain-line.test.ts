import { isPlainLine, isPlainText } from '../../src/plain-line';

const CONTROLS = '202A 202B 202C 202D 202E 2066 2067 2068 2069 200E 200F 061C'.split(' ');
const UNSEEN = '200B 200C 200D 2060 FEFF 00AD 034F 115F 3164 FFA0 180E 2800 FFF9'.split(' ');
const character = (point: string) => String.fromCodePoint(Number.parseInt(point, 16));

describe('a plain line', () => {
  it.each([
    'Ada Lovelace',
    "Siobhán O'Brien-Łukasiewicz, Jr.",
    '李小龍',
    'محمد علي',
    'שרה כהן',
    'می‌خواهم',
    'ක්‍රිස්තියානි',
    'श्री राम',
    '👩‍🚀 Ada 🇵🇹 ❤️ #️⃣ 👨‍👩‍👧‍👦 🏳️‍🌈',
    '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
    '葛\u{E0100}城',
    'a < b, 3<4 & 5 > 2',
    'I <3 you',
    "'; DROP TABLE users; --",
    '{"$gt": ""} $where __proto__',
    '',
  ])('can be %j', (text) => {
    expect(isPlainLine(text)).toBe(true);
  });

  it.each<readonly [string, string]>([
    ['a null byte', 'Ada\0'],
    ['a line break', 'Ada\nBcc: eve@example.com'],
    ['a carriage return', 'Ada\r'],
    ['a tab', 'Ada\tL'],
    ['a control of the second block', 'Ada\u0085'],
    ['a line separator', 'Ada\u2028L'],
    ['half a character', 'Ada \ud800'],
    ['the other half', '\udc00 Ada'],
    ['no character', 'Ada\uffff'],
    ['a tag', '<script>alert(1)</script>'],
    ['the end of a tag', 'Ada</b>'],
    ['a comment', 'Ada <!-- x'],
    ['a tag in another script', '<ſcript>'],
    ['a processing instruction', '<?php'],
    ...CONTROLS.map((point) => [`the control U+${point}`, `Ada${character(point)}gpj.exe`] as const),
    ...UNSEEN.map((point) => [`the unseen U+${point}`, `ad${character(point)}min`] as const),
    ['a selector after a letter', 'ad\ufe0fmin'],
    ['a text in tags', 'Ada\u{E0065}\u{E0076}\u{E0065}'],
    ['a joiner at its end', 'علي\u200d'],
    ['nothing but a joiner', '\u200d'],
    ['two joiners', 'م\u200c\u200cن'],
  ])('cannot hold %s', (_what, text) => {
    expect(isPlainLine(text)).toBe(false);
  });

  it('is judged in linear time', () => {
    const long = '👩\u200d'.repeat(50_000) + '<'.repeat(50_000);
    const before = process.cpuUsage().user;
    isPlainLine(long);
    expect(process.cpuUsage().user - before).toBeLessThan(1_000_000);
  });
});

it('plain text is the same on several lines', () => {
  expect(isPlainText('One\r\n\ttwo\n')).toBe(true);
  for (const text of ['One\n<b>two', 'One\n\0', 'One\ntwo\u202e']) expect(isPlainText(text)).toBe(false);
});
