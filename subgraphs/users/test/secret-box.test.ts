import { SecretBox } from '../src/secret-box';

const box = new SecretBox(['a'.repeat(32)]);

describe('a secret box', () => {
  it('gives back what was sealed, and does not show it', () => {
    const sealed = box.seal('a:private:key', 'key 1');
    expect(sealed).not.toContain('private');
    expect(box.open(sealed, 'key 1')).toBe('a:private:key');
  });

  it('seals the same text differently each time', () => {
    expect(box.seal('text', 'key 1')).not.toBe(box.seal('text', 'key 1'));
  });

  it('without a secret keeps text as it is, which a secret that comes later still opens', () => {
    const kept = new SecretBox().seal('a:private:key', 'key 1');
    expect(new SecretBox().open(kept, 'key 1')).toBe('a:private:key');
    expect(box.open(kept, 'key 1')).toBe('a:private:key');
  });

  it('opens what its previous secret has sealed, and seals with the new one', () => {
    const both = new SecretBox(['b'.repeat(32), 'a'.repeat(32)]);
    expect(both.open(box.seal('text', 'key 1'), 'key 1')).toBe('text');
    expect(new SecretBox(['b'.repeat(32)]).open(both.seal('text', 'key 1'), 'key 1')).toBe('text');
    expect(() => box.open(both.seal('text', 'key 1'), 'key 1')).toThrow('KEY_ENCRYPTION_SECRET');
  });

  it.each([
    ['another secret', new SecretBox(['b'.repeat(32)]), 'key 1'],
    ['no secret', new SecretBox(), 'key 1'],
    ['another place', box, 'key 2'],
  ])('does not open with %s, and names the place', (_what, opener, context) => {
    const sealed = box.seal('text', 'key 1');
    expect(() => opener.open(sealed, context)).toThrow(context);
  });

  it('does not open what was changed', () => {
    const sealed = box.seal('text', 'key 1');
    const changed = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA');
    expect(() => box.open(changed, 'key 1')).toThrow('KEY_ENCRYPTION_SECRET');
  });

  it('tells texts apart by fingerprints that nobody can make without the secret', () => {
    const print = box.fingerprint('ada@example.com', 'mailboxes');
    expect(box.fingerprint('ada@example.com', 'mailboxes')).toBe(print);
    const others = [
      box.fingerprint('eve@example.com', 'mailboxes'),
      box.fingerprint('ada@example.com', 'accounts'),
      new SecretBox(['b'.repeat(32)]).fingerprint('ada@example.com', 'mailboxes'),
      new SecretBox().fingerprint('ada@example.com', 'mailboxes'),
    ];
    expect(new Set([print, ...others]).size).toBe(5);
  });
});
