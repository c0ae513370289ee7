import { loadConfig } from '../../src/config';
import { variantHosts } from '../../src/variants/variant-values';

const NEEDED = { SIGNING_KEYS: `a:${'k'.repeat(32)}` };
const CONTRACTS = 'public=schema/public.graphql,partner=schema/partner.graphql';
const configOf = (environment: Record<string, string>) => loadConfig({ ...NEEDED, ...environment });

describe('the configuration of variants', () => {
  it('has the whole graph for every host unless contracts are named', () => {
    expect([...variantHosts(configOf({}))]).toEqual([['*', ['full']]]);
    expect([...variantHosts(configOf({ GRAPH_VARIANTS: CONTRACTS }))]).toEqual([['*', ['full', 'public', 'partner']]]);
  });

  it('reads which host serves which, whatever case the host is written in', () => {
    const hosts = configOf({
      GRAPH_VARIANTS: CONTRACTS,
      GRAPH_VARIANT_HOSTS: 'Shop.Example=public, api.test=partner|full',
    });
    expect([...variantHosts(hosts)]).toEqual([
      ['shop.example', ['public']],
      ['api.test', ['partner', 'full']],
    ]);
  });

  it.each(['shop.test', '=public', 'shop.test=', 'shop.test:80=public', 'shop.test=public|', 'a b=public'])(
    'refuses %s as a host with its variants',
    (GRAPH_VARIANT_HOSTS) => {
      expect(() => configOf({ GRAPH_VARIANTS: CONTRACTS, GRAPH_VARIANT_HOSTS })).toThrow('GRAPH_VARIANT_HOSTS');
    },
  );

  it('refuses hosts of variants that there are not, and a second whole graph', () => {
    expect(() => configOf({ GRAPH_VARIANT_HOSTS: 'shop.test=full|public' })).toThrow(/public.* is no variant/);
    expect(() => configOf({ GRAPH_VARIANTS: 'full=schema/other.graphql' })).toThrow('GRAPH_VARIANTS');
  });
});
