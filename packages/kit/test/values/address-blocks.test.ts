import { isAddressOrBlock, isWithin } from '../../src';

describe('addresses and blocks', () => {
  it.each(['192.0.2.1', '192.0.2.0/24', '0.0.0.0/0', '2001:db8::1', '2001:db8::/32', '::ffff:192.0.2.1', '::1/128'])(
    'are such as %s',
    (text) => expect(isAddressOrBlock(text)).toBe(true),
  );

  it.each(['', '192.0.2', '192.0.2.1/33', '192.0.2.1/', '192.0.2.1/a', '192.0.2.1/-1', '2001:db8::/129'])(
    'are not such as %j',
    (text) => expect(isAddressOrBlock(text)).toBe(false),
  );

  it.each(['192.0.2.1/8/8', 'fe80::1%eth0', 'localhost', ' 192.0.2.1', '192.0.2.1/1e1'])('nor such as %j', (text) =>
    expect(isAddressOrBlock(text)).toBe(false),
  );

  it.each([
    ['192.0.2.7', ['192.0.2.7'], true],
    ['192.0.2.8', ['192.0.2.7'], false],
    ['192.0.2.255', ['10.0.0.0/8', '192.0.2.0/24'], true],
    ['192.0.3.0', ['10.0.0.0/8', '192.0.2.0/24'], false],
    ['::ffff:192.0.2.7', ['192.0.2.0/24'], true],
    ['::ffff:c000:0207', ['192.0.2.7'], true],
    ['192.0.2.7', ['::ffff:192.0.2.7'], true],
    ['2001:db8::beef', ['2001:db8::/32'], true],
    ['2001:db9::beef', ['2001:db8::/32'], false],
    ['2001:0DB8:0:0::1', ['2001:db8::1'], true],
    ['fe80::1%eth0', ['fe80::/10'], true],
    ['192.0.2.7', [], false],
    ['nowhere', ['0.0.0.0/0', '::/0'], false],
  ])('%s lies in %j: %s', (address, blocks, expected) => expect(isWithin(address, blocks)).toBe(expected));
});
