import { loadConfig } from '../src/config';

const SIGNING_KEYS = `a:${'k'.repeat(32)}`;

describe('the configuration', () => {
  it('needs keys, and has defaults for the rest', () => {
    expect(loadConfig({ SIGNING_KEYS })).toMatchObject({
      PRODUCTS_PORT: 4002,
      DEFAULT_CURRENCY: 'EUR',
      SIGNING_KEYS: [{ id: 'a' }],
    });
  });

  it('names every problem at once', () => {
    const load = () => loadConfig({ PRODUCTS_PORT: 'http', DEFAULT_CURRENCY: 'ZZZ' });
    for (const name of ['PRODUCTS_PORT', 'DEFAULT_CURRENCY', 'SIGNING_KEYS']) expect(load).toThrow(name);
  });
});
