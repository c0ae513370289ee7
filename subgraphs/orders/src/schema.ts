import { buildFederatedSchema, GenericUserError } from '@shopgraph/kit';
import type { GraphQLSchema } from 'graphql';
import { CartResolver, UserCartResolver } from './cart/resolvers';
import { CheckoutResolver } from './checkout/resolvers';
import { InsufficientStockError, PriceChangedError } from './checkout/types';
import type { OrdersContext } from './context';
import { ordersEntities } from './entities';
import { OrderChangeResolver } from './order/order-change-resolver';
import { OrderResolver, UserOrdersResolver } from './order/resolvers';
import { ordersPermissions } from './permissions';
import { User } from './types';

/** The executable schema of this subgraph; its resolvers find their services in the context. */
export function ordersSchema(): GraphQLSchema {
  return buildFederatedSchema<OrdersContext>({
    resolvers: [
      CartResolver,
      UserCartResolver,
      CheckoutResolver,
      OrderResolver,
      OrderChangeResolver,
      UserOrdersResolver,
    ],
    types: [User, GenericUserError, InsufficientStockError, PriceChangedError],
    entities: ordersEntities,
    permissions: ordersPermissions,
  });
}
