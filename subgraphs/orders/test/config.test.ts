import { loadConfig } from '../src/config';

describe('the configuration', () => {
  it('needs keys, and has defaults for the rest', () => {
    expect(loadConfig({ SIGNING_KEYS: `a:${'k'.repeat(32)}` })).toMatchObject({
      ORDERS_PORT: 4004,
      PRODUCTS_URL: 'http://127.0.0.1:4002/graphql',
      INVENTORY_URL: 'http://127.0.0.1:4003/graphql',
      DEFAULT_CURRENCY: 'EUR',
      RESERVATION_TTL_SECONDS: 900,
      CHECKOUT_LEASE_MS: 15_000,
    });
  });

  it('names every problem at once', () => {
    const load = () => loadConfig({ ORDERS_PORT: 'http', PRODUCTS_URL: 'products', DEFAULT_CURRENCY: 'EURO' });
    for (const name of ['SIGNING_KEYS', 'ORDERS_PORT', 'PRODUCTS_URL', 'DEFAULT_CURRENCY']) expect(load).toThrow(name);
  });
});
