import { hashToken, newToken, successorOf } from '../src/opaque-token';

describe('an opaque token', () => {
  it('has 256 bits, and no two are alike', () => {
    const tokens = Array.from({ length: 100 }, newToken);
    expect(new Set(tokens).size).toBe(100);
    expect(tokens.map((token) => Buffer.from(token, 'base64url').length)).toEqual(tokens.map(() => 32));
  });

  it('is kept as its SHA-256', () => {
    expect(hashToken('token')).toBe('PEaenWxYddN6Q_NT1PiOYfz4EsZu7jRXRlpAsNpBU-A');
  });

  it('has one successor for one salt, and other ones for other salts and other tokens', () => {
    expect(successorOf('token', 'salt')).toBe(successorOf('token', 'salt'));
    expect(successorOf('token', 'other')).not.toBe(successorOf('token', 'salt'));
    expect(successorOf('other', 'salt')).not.toBe(successorOf('token', 'salt'));
    expect(Buffer.from(successorOf('token', 'salt'), 'base64url')).toHaveLength(32);
  });
});
