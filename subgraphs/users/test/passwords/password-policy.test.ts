import { PasswordPolicy } from '../../src/passwords/password-policy';

const policy = new PasswordPolicy();
const owner = { email: 'ada.lovelace@example.com', name: 'Ada Lovelace' };

describe('a password', () => {
  it.each([
    ['long and of several words', 'correct horse battery staple'],
    ['12 characters without a pattern', 'kv7uwp2zqa9d'],
    ['short and hard to guess', 'kS8#vq2L!x'],
    ['of another script', 'кораблёк-плывёт-домой'],
    ['of emoji', '🦊🪁🌋🧊🪗🦉🍋🧭🪐🎻🐙🗿'],
    ['with a null byte', 'violet-anchor\0drifts-42'],
    ['very long', 'anchor-violet-42 '.repeat(60)],
  ])('is good enough when it is %s', (_what, password) => {
    expect(policy.isGoodEnough(password, owner)).toBe(true);
  });

  it.each([
    ['short and common', 'password'],
    ['short and simple', 'kv7uwp'],
    ['breached, in 12 characters', 'password1234'],
    ['breached, in other case', 'PassWord12345'],
    ['breached and written with signs', 'P@ssw0rd1234'],
    ['one letter, again and again', 'aaaaaaaaaaaaaaaa'],
    ['a row of digits', '1234567890123456'],
    ['a row of keys', 'qwertyuiopasdfghjkl'],
    ['the own address', 'ada.lovelace@example.com'],
    ['the own name', 'Ada Lovelace'],
    ['the own name and a year', 'adalovelace1815'],
    ['the own address backwards', 'moc.elpmaxe@ecalevol.ada'],
  ])('is too weak when it is %s', (_what, password) => {
    expect(policy.isGoodEnough(password, owner)).toBe(false);
  });

  it('that resembles one owner may serve another', () => {
    const password = 'grace-brewster-hopper';
    expect(policy.isGoodEnough(password, owner)).toBe(true);
    expect(policy.isGoodEnough(password, { email: 'grace-brewster-hopper@example.com', name: 'Grace' })).toBe(false);
  });

  it('of a thousand characters is judged in less than a second', () => {
    // Of the processor: the time on the clock depends on what else the machine does.
    const before = process.cpuUsage();
    policy.isGoodEnough('ab1!'.repeat(256), owner);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });
});
