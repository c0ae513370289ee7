import { wordsOf } from '@shopgraph/kit';
import { plainTextOf, sanitizeRichText } from '../src/product/rich-text';
import { SLUG_PATTERN, slugCandidates, slugOf } from '../src/product/slug';

describe('a slug', () => {
  it.each([
    ['Linen Shirt', 'linen-shirt'],
    ['  50 % off -- Café & Thé!', '50-off-cafe-the'],
    ['Straße Ærø Łódź', 'strasse-aero-lodz'],
    ['日本語', 'product'],
    ['x'.repeat(300), 'x'.repeat(80)],
    [`${'x'.repeat(79)} y`, 'x'.repeat(79)],
  ])('of %j is %j', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
    expect(slug).toMatch(SLUG_PATTERN);
  });

  it('is numbered from the second on', () => {
    expect(slugCandidates('a', 1, 3)).toEqual(['a', 'a-2', 'a-3']);
    expect(slugCandidates('a', 51, 2)).toEqual(['a-51', 'a-52']);
  });
});

describe('rich text', () => {
  it.each([
    ['formatting', '<h2>A</h2><p><strong>b</strong><br /></p>', '<h2>A</h2><p><strong>b</strong><br /></p>'],
    ['scripts', '<script>x</script><style>y</style>', ''],
    ['event handlers', '<p onclick="x()" style="y">a</p>', '<p>a</p>'],
    ['addresses that run code', '<a href=" java&#115;cript:x()">a</a>', '<a rel="nofollow noopener">a</a>'],
    ['addresses without a scheme of their own', '<a href="//a.example">a</a>', '<a rel="nofollow noopener">a</a>'],
    ['unclosed tags', '<p><em>a', '<p><em>a</em></p>'],
    ['signs that could be tags', '1 < 2 & 3', '1 &lt; 2 &amp; 3'],
  ])('with %s', (_what, html, safe) => {
    expect(sanitizeRichText(html)).toBe(safe);
    expect(sanitizeRichText(safe)).toBe(safe);
  });

  it('is searched without its markup, where tags part words', () => {
    expect(wordsOf(plainTextOf('<p>one</p><p>two &amp; three</p>'))).toEqual(['one', 'two', 'three']);
  });
});
