import { PasswordHasher } from '../../src/passwords/password-hasher';
import { TEST_BCRYPT_COST } from '../start-users';

const hasher = new PasswordHasher(TEST_BCRYPT_COST);

describe('a password hash', () => {
  it.each([
    ['an ordinary password', 'violet-anchor-drifts-42', 'violet-anchor-drifts-43'],
    ['72 bytes', 'a'.repeat(72), 'a'.repeat(71)],
    ['passwords that differ after 72 bytes', `${'a'.repeat(72)}b`, `${'a'.repeat(72)}c`],
    ['passwords that differ after 72 bytes of emoji', `${'🦊'.repeat(18)}b`, `${'🦊'.repeat(18)}c`],
    ['passwords that differ after a null byte', 'anchor\0one', 'anchor\0two'],
    ['a password and its part before the null byte', 'anchor\0one', 'anchor'],
    ['passwords that differ in case', 'Anchor', 'anchor'],
    ['passwords that differ in white space at the end', 'anchor ', 'anchor'],
  ])('tells apart %s', async (_what, password, other) => {
    const hash = await hasher.hash(password);
    expect(await hasher.verify(password, hash)).toBe(true);
    expect(await hasher.verify(other, hash)).toBe(false);
  });

  it('takes the two ways to write ä for the same', async () => {
    expect(await hasher.verify('a\u0308nker', await hasher.hash('änker'))).toBe(true);
  });

  it('is another one each time', async () => {
    expect(await hasher.hash('anchor')).not.toBe(await hasher.hash('anchor'));
  });

  it('that is missing fits no password, not even the one that is hashed in its place', async () => {
    expect(await hasher.verify('nobody has this password', null)).toBe(false);
  });

  it('is outdated when it was made with less work', async () => {
    const hash = await hasher.hash('anchor');
    expect(new PasswordHasher(TEST_BCRYPT_COST + 1).isOutdated(hash)).toBe(true);
    expect(hasher.isOutdated(hash)).toBe(false);
    expect(
      new PasswordHasher(TEST_BCRYPT_COST).isOutdated(await new PasswordHasher(TEST_BCRYPT_COST + 1).hash('x')),
    ).toBe(false);
  });

  it.each([
    ['there is none', null],
    ['it was made with less work', 5],
  ])('takes as long to compare when %s', async (_when, cost) => {
    const slow = new PasswordHasher(8);
    const hash = await slow.hash('anchor');
    const other = cost === null ? null : await new PasswordHasher(cost).hash('anchor');
    await slow.warmUp();
    const expected = await shortest(() => slow.verify('wrong', hash));
    const actual = await shortest(() => slow.verify('wrong', other));
    // Not a fine measurement: a comparison that is left out takes a hundredth of the time, a cheaper one an eighth.
    expect(actual / expected).toBeGreaterThan(0.5);
    expect(actual / expected).toBeLessThan(2);
  });
});

/** The shortest of several times, in milliseconds: what disturbs a measurement only makes it longer. */
async function shortest(work: () => Promise<unknown>): Promise<number> {
  let shortestMs = Infinity;
  for (let run = 0; run < 7; run += 1) {
    const start = performance.now();
    await work();
    shortestMs = Math.min(shortestMs, performance.now() - start);
  }
  return shortestMs;
}
