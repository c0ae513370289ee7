import { checkedDetails } from '../../src/audit/audit-details';

describe('the details of an audit entry', () => {
  it('are kept as they are', () => {
    const details = { roleIds: ['SUPPORT', 'ADMIN'], status: 'DEACTIVATED', count: 3, isOwn: false, reason: null };
    expect(checkedDetails(details)).toEqual(details);
  });

  it.each([
    'password',
    'newPassword',
    'refreshToken',
    'secret',
    'passwordHash',
    'email',
    'ip',
    'userAgent',
    '$where',
    'a.b',
    '',
  ])('have no field "%s"', (key) => {
    expect(() => checkedDetails({ [key]: 'x' })).toThrow('must not have a field');
  });

  it('lose the e-mail addresses that somebody wrote into a text', () => {
    const details = { reason: 'asked by Ada <ada@example.com>, twice', names: ['b@localhost', 'Support'] };
    expect(checkedDetails(details)).toEqual({
      reason: 'asked by Ada <[removed]>, twice',
      names: ['[removed]', 'Support'],
    });
  });

  it('stay small', () => {
    expect(checkedDetails({ reason: 'x'.repeat(10_000) }).reason).toHaveLength(500);
  });

  it.each([[{ nested: { name: 'Ada' } }], [{ list: [['x']] }], [{ number: NaN }], [{ gone: undefined }]])(
    'are flat: %j is refused',
    (details) => {
      expect(() => checkedDetails(details as never)).toThrow('audit details are');
    },
  );
});
