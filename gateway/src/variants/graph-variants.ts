import type { ApolloServer } from '@apollo/server';
import type { ServiceEndpointDefinition } from '@apollo/gateway';
import type { FastifyRequest } from 'fastify';
import type { Gateway } from '../access/guarded-gateway';
import type { GatewayContext } from '../context';
import { createGraphqlServer, type GraphqlServerOptions } from '../graphql-server';
import type { SubgraphClient } from '../subgraph-client';
import { SupergraphGateway, type SupergraphGatewayOptions } from '../supergraph-gateway';
import type { SupergraphSource } from '../supergraph-sources';
import { chosenVariant } from './variant-choice';
import { FULL, type VariantHosts } from './variant-values';

interface GraphVariantsOptions {
  /** Where the supergraph of each variant comes from, by name. */
  readonly sources: ReadonlyMap<string, SupergraphSource>;
  readonly hosts: VariantHosts;
  /** For all of them together: what operations may take is divided equally. */
  readonly gateway: Omit<SupergraphGatewayOptions, 'source'>;
  readonly server: Omit<GraphqlServerOptions, 'gateway'>;
  /** Puts the rules before a gateway, which serves the whole graph or a part. */
  readonly guard: (gateway: Gateway, isWhole: boolean) => Gateway;
}

interface Variant {
  readonly gateway: SupergraphGateway;
  readonly server: ApolloServer<GatewayContext>;
}

/**
 * The graph and its contracts, each with a schema, planner and operations of its own: what one of them hides is, by
 * validation, introspection and suggestions, not there. They share rules, persisted queries and the clients of
 * subgraphs.
 */
export class GraphVariants {
  private constructor(
    private readonly variants: ReadonlyMap<string, Variant>,
    private readonly hosts: VariantHosts,
  ) {}

  /** @throws Error when one of them is no supergraph; then none is left running. */
  static async start({ sources, hosts, gateway, server, guard }: GraphVariantsOptions): Promise<GraphVariants> {
    const variants = new Map<string, Variant>();
    const shared = {
      ...gateway,
      maxOperationBytes: Math.floor(gateway.maxOperationBytes / sources.size),
      createSubgraphClient: oncePerSubgraph(gateway.createSubgraphClient),
    };
    const started = new GraphVariants(variants, hosts);
    try {
      for (const [name, source] of sources) {
        const own = new SupergraphGateway({ ...shared, source });
        const variant = {
          gateway: own,
          server: createGraphqlServer({ ...server, gateway: guard(own, name === FULL) }),
        };
        await variant.server.start();
        variants.set(name, variant);
      }
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }

  /**
   * Who answers a request.
   * @throws DomainError NOT_FOUND for a host that serves nothing, BAD_REQUEST for a variant that it does not serve.
   */
  serverOf(request: Pick<FastifyRequest, 'hostname' | 'headers'>): ApolloServer<GatewayContext> {
    const name = chosenVariant(request, this.hosts);
    const variant = this.variants.get(name);
    if (!variant) throw new Error(`there is no variant ${name}`);
    return variant.server;
  }

  /** @throws Error unless there is a supergraph for each. */
  assertServing(): void {
    for (const { gateway } of this.variants.values()) gateway.assertServing();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.variants.values()].map(({ server }) => server.stop()));
  }
}

/** One client for each subgraph, whoever asks, until it is elsewhere. */
function oncePerSubgraph(
  create: SupergraphGatewayOptions['createSubgraphClient'],
): SupergraphGatewayOptions['createSubgraphClient'] {
  const clients = new Map<string, { readonly url: string | undefined; readonly client: SubgraphClient }>();
  return (subgraph: ServiceEndpointDefinition) => {
    const { name, url } = subgraph;
    const known = clients.get(name);
    if (known && known.url === url) return known.client;
    const client = create(subgraph);
    clients.set(name, { url, client });
    return client;
  };
}
