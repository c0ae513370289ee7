import { loadConfig } from '../src/config';

const SIGNING_KEYS = `a:${'k'.repeat(32)}`;

describe('the configuration', () => {
  it('needs keys, and has defaults for the rest', () => {
    expect(loadConfig({ SIGNING_KEYS })).toMatchObject({
      USERS_PORT: 4001,
      BCRYPT_COST: 12,
      JWT_ISSUER: 'http://localhost:4001',
      JWT_AUDIENCE: 'shopgraph',
      ACCESS_TOKEN_SECONDS: 900,
      REFRESH_TOKEN_SECONDS: 2_592_000,
      SIGNING_KEY_ROTATION_DAYS: 90,
      PUBLIC_URL: 'http://localhost:4000',
    });
  });

  it('names every problem at once', () => {
    const load = () =>
      loadConfig({
        NODE_ENV: 'production',
        USERS_PORT: 'http',
        SIGNING_KEYS: 'a:short',
        BCRYPT_COST: '9',
        SMTP_URL: 'mail.example',
        PUBLIC_URL: 'javascript:alert(1)',
      });
    const names = [
      'USERS_PORT',
      'SIGNING_KEYS',
      'BCRYPT_COST',
      'SMTP_URL',
      'PUBLIC_URL',
      'KEY_ENCRYPTION_SECRET',
      'REDIS_URL',
    ];
    for (const name of names) expect(load).toThrow(name);
  });

  it('needs a secret for keys in production only', () => {
    const environment = { NODE_ENV: 'production', ALLOW_EMBEDDED: '1', SIGNING_KEYS };
    expect(() => loadConfig(environment)).toThrow('KEY_ENCRYPTION_SECRET');
    expect(loadConfig({ ...environment, KEY_ENCRYPTION_SECRET: 's'.repeat(32) }).NODE_ENV).toBe('production');
    expect(() => loadConfig({ ...environment, KEY_ENCRYPTION_SECRET: 'short' })).toThrow('KEY_ENCRYPTION_SECRET');
  });
});
