import { configSchema as inventoryConfig, inventorySchema } from '@shopgraph/inventory';
import { configSchema as ordersConfig, ordersSchema } from '@shopgraph/orders';
import { configSchema as productsConfig, productsSchema } from '@shopgraph/products';
import { configSchema as usersConfig, usersSchema } from '@shopgraph/users';
import type { GraphQLSchema } from 'graphql';
import type { z } from 'zod';

/** A subgraph as the tools know it. */
export interface Subgraph {
  /** Names it in the supergraph; its SDL is `schema/<name>.graphql`. */
  readonly name: string;
  /** Where it listens unless its configuration says otherwise. */
  readonly port: number;
  /** Its executable schema, without any store behind it. */
  readonly schema: () => GraphQLSchema;
  /** What it reads from its environment. */
  readonly config: z.ZodObject;
}

/** Every subgraph of the supergraph. */
export const subgraphs: readonly Subgraph[] = [
  { name: 'users', port: 4001, schema: usersSchema, config: usersConfig },
  { name: 'products', port: 4002, schema: productsSchema, config: productsConfig },
  { name: 'inventory', port: 4003, schema: inventorySchema, config: inventoryConfig },
  { name: 'orders', port: 4004, schema: ordersSchema, config: ordersConfig },
];
