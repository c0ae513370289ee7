import { isRotationDue, nextKeyTerms, publishedKeysAt, signingKeyAt } from '../../src/signing-keys/signing-key';
import { after, NOW } from '../builders';

const MINUTE_MS = 60_000;
const first = nextKeyTerms([], NOW);
const rotatedAt = 100 * MINUTE_MS;
const second = nextKeyTerms([first], after(rotatedAt));
const both = [first, second];
const published = (milliseconds: number) =>
  publishedKeysAt(both, after(milliseconds), 900).map(({ sequence }) => sequence);

describe('signing keys', () => {
  it('begin with one that signs at once', () => {
    expect(first).toEqual({ sequence: 1, signsFrom: NOW });
    expect(signingKeyAt([first], NOW)).toBe(first);
  });

  it('are published before they sign, for as long as verifiers may keep what they know', () => {
    expect(published(rotatedAt)).toEqual([1, 2]);
    const announcedMs = second.signsFrom.getTime() - after(rotatedAt).getTime();
    expect(announcedMs).toBeGreaterThan(5 * MINUTE_MS);
    expect(signingKeyAt(both, after(rotatedAt))).toBe(first);
    expect(signingKeyAt(both, second.signsFrom)).toBe(second);
  });

  it('stay published until the last token that they signed has expired', () => {
    const lastSigned = second.signsFrom.getTime() - NOW.getTime();
    expect(published(lastSigned + 900_000)).toEqual([1, 2]);
    expect(published(lastSigned + 900_000 + 3 * MINUTE_MS)).toEqual([2]);
  });

  it('are due for rotation by the age of the newest', () => {
    expect(isRotationDue([], NOW, 90)).toBe(true);
    expect(isRotationDue([first], after(90 * 86_400_000 - 1), 90)).toBe(false);
    expect(isRotationDue([first], after(90 * 86_400_000), 90)).toBe(true);
    expect(isRotationDue(both, after(rotatedAt), 1)).toBe(false);
  });

  it('sign for nobody before their time', () => {
    expect(signingKeyAt([second], NOW)).toBeUndefined();
  });
});
