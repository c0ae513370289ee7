import { type Connection, Cost, onlyKey, PageArgs, PageSized, payloadOf, Tag } from '@shopgraph/kit';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { OrdersContext } from '../context';
import { givenText } from '../given-text';
import { User } from '../types';
import { OrderArgs, OrderAtArgs, OrderCancelInput, OrderListArgs } from './inputs';
import type { Order as StoredOrder } from './order';
import { mayListOrdersOf, mayReadOrder } from './order-access';
import type { OrderListing } from './order-store';
import { pageOf } from './page-of';
import { presentEvents, presentOrder, presentOrders } from './presentation';
import {
  Order,
  OrderConnection,
  type OrderEvent,
  OrderEventConnection,
  OrderPayload,
  type PresentedOrder,
} from './types';
import { orderError } from './user-errors';

@Resolver(() => Order)
export class OrderResolver {
  @Query(() => Order, { nullable: true, description: 'One order, by its id or its number.' })
  async order(@Args(() => OrderArgs) key: OrderArgs, @Ctx() context: OrdersContext): Promise<PresentedOrder | null> {
    return findOrder(key, context);
  }

  @Cost(5)
  @Query(() => Order, {
    nullable: true,
    description: 'An order as it was at a version; null when it had no such version.',
  })
  async orderAt(
    @Args(() => OrderAtArgs) { id, version }: OrderAtArgs,
    @Ctx() context: OrdersContext,
  ): Promise<PresentedOrder | null> {
    const order = await context.orderService.asOf(id, version, context);
    return order && presentOrder(order);
  }

  @PageSized()
  @Tag('partner')
  @Query(() => OrderConnection, { description: "Everybody's orders, for staff." })
  async orders(@Args(() => OrderListArgs) list: OrderListArgs, @Ctx() { orderService }: OrdersContext) {
    return presentOrders(await orderService.list(listingOf(list)));
  }

  @Mutation(() => OrderPayload, {
    description: 'Cancels an order that has not been sent: its stock goes back, its payment is let go.',
  })
  async orderCancel(
    @Arg('input', () => OrderCancelInput, { description: 'What to cancel.' })
    { id, lines = null, reason, restock, idempotencyKey }: OrderCancelInput,
    @Ctx() context: OrdersContext,
  ): Promise<OrderPayload> {
    const command = { orderId: id, lines, reason: givenText(reason), restock: restock ?? true, idempotencyKey };
    const result = await context.orderService.cancel(command, context);
    const { order, userErrors } = payloadOf('order', result, orderError);
    return { order: order && presentOrder(order), userErrors };
  }

  @FieldResolver(() => OrderEventConnection)
  async events(
    @Root() { id, version }: PresentedOrder,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders }: OrdersContext,
  ): Promise<Connection<OrderEvent>> {
    const commits = (await loaders.commitsByOrder.load(id)) ?? [];
    // An order as it was has no later events.
    return pageOf(presentEvents(commits.filter((commit) => commit.version <= version)), page);
  }
}

@Resolver(() => User)
export class UserOrdersResolver {
  @PageSized()
  @FieldResolver(() => OrderConnection, {
    description: 'What the user has bought; empty for everybody but the user and staff.',
  })
  async orders(
    @Root() { id }: User,
    @Args(() => OrderListArgs) list: OrderListArgs,
    @Ctx() { viewer, orderService }: OrdersContext,
  ) {
    if (!mayListOrdersOf(id, viewer)) return presentOrders(pageOf<StoredOrder>([], {}));
    return presentOrders(await orderService.list({ ...listingOf(list), customerId: id }));
  }
}

/** The order of a key as this viewer sees it; null when there is none for them. */
export async function findOrder({ id, number }: OrderArgs, context: OrdersContext): Promise<PresentedOrder | null> {
  const { loaders, viewer } = context;
  const { name, value } = onlyKey({ id, number });
  const order = await (name === 'id' ? loaders.orderById : loaders.orderByNumber).load(value);
  return order && mayReadOrder(order, viewer) ? presentOrder(order) : null;
}

function listingOf({ filter, sort, ...page }: OrderListArgs): OrderListing {
  const status = filter?.status ?? undefined;
  return { ...(status !== undefined && { status }), direction: sort === 'PLACED_AT_ASC' ? 1 : -1, page };
}
