import { DomainError, refusalFor } from '@shopgraph/kit';
import { Arg, Ctx, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { OrdersContext } from '../context';
import { customerChannel, type OrderChange, orderChannel } from './order-changes';
import { findOrder } from './resolvers';
import { Order, type PresentedOrder } from './types';

@Resolver()
export class OrderChangeResolver {
  @Subscription(() => Order, {
    description: 'An order whenever it has changed, for its customer and for staff; at most once for each change.',
    subscribe: async ({ args, context }: { args: { id: string }; context: OrdersContext }) => {
      await knownOrder(args.id, context);
      return context.live.listen(orderChannel(args.id));
    },
  })
  orderUpdated(
    @Arg('id', () => ID, { description: 'Of the order.' }) id: string,
    @Ctx() context: OrdersContext,
  ): Promise<PresentedOrder> {
    return knownOrder(id, context);
  }

  @Subscription(() => Order, {
    description: "Each of the viewer's orders when it is placed or has changed; at most once for each change.",
    subscribe: ({ context: { live, viewer } }: { context: OrdersContext }) => {
      if (viewer.kind !== 'user') throw refusalFor(viewer);
      return live.listen(customerChannel(viewer.id));
    },
  })
  myOrdersUpdated(@Root() { id }: OrderChange, @Ctx() context: OrdersContext): Promise<PresentedOrder> {
    return knownOrder(id, context);
  }
}

/** @throws DomainError NOT_FOUND for what is not the viewer's to see. */
async function knownOrder(id: string, context: OrdersContext): Promise<PresentedOrder> {
  const order = await findOrder({ id }, context);
  if (!order) throw new DomainError('NOT_FOUND');
  return order;
}
