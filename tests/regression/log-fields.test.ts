import { eventually } from '@shopgraph/kit/testing';
import { PASSWORD, startTestShop, type TestShop } from '../support/start-test-shop';

/** Names under which the Elastic Common Schema has objects: a plain value there makes the index refuse the line. */
const OBJECTS_OF_ECS = [
  ...['agent', 'client', 'cloud', 'container', 'destination', 'device', 'dns', 'ecs', 'email', 'error', 'event'],
  ...['faas', 'file', 'geo', 'group', 'hash', 'host', 'http', 'log', 'network', 'observer', 'orchestrator'],
  ...['organization', 'os', 'package', 'process', 'registry', 'related', 'rule', 'server', 'service', 'source'],
  ...['span', 'threat', 'tls', 'trace', 'transaction', 'url', 'user', 'user_agent', 'vulnerability'],
];

let shop: TestShop;
beforeAll(async () => {
  const environment = { RATE_LIMITS: 'on', PERSISTED_QUERIES: 'log', SLOW_QUERY_MS: '1' };
  shop = await startTestShop({ environment });
});
afterAll(() => shop.close());

describe('the lines of the logs', () => {
  it('hold no plain value where the Elastic Common Schema has an object', async () => {
    await shop.anonymous.register({ input: { email: 'ada@example.org', name: 'Ada', password: PASSWORD } });
    await shop.mailTo('ada@example.org');
    await shop.anonymous.raw('{ products(first: 1) { edges { node { id } } } }');
    await eventually(() => {
      const messages = shop.logged.map(({ msg }) => msg);
      for (const message of ['requests are limited', 'mail written to a file', 'operation is not on the list']) {
        expect(messages).toContain(message);
      }
      expect(messages).toContain('slow query');
    });
    const wrong = shop.logged.filter((line) => OBJECTS_OF_ECS.some((name) => name in line && !isObject(line[name])));
    expect(wrong).toEqual([]);
  });

  it('tell whose database was slow', () => {
    const slow = shop.logged.filter(({ msg }) => msg === 'slow query');
    const services = new Set(slow.map(({ name }) => name));
    expect(services).toContain('users');
    expect(services).not.toContain('gateway');
  });
});

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
