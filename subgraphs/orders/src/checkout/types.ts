import { GraphMoney, type Money, toGraphMoney, UserError } from '@shopgraph/kit';
import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { Cart } from '../cart/types';
import { Order, type PresentedOrder } from '../order/types';
import type { Shortage } from '../stock/stock';

@Directive('@shareable')
@ObjectType({ implements: UserError, description: 'Fewer units can be had than were asked for.' })
export class InsufficientStockError extends UserError {
  @Field(() => String, { description: 'What there is too little of.' })
  readonly sku: string;

  @Field(() => Int, { description: 'Units asked for.' })
  readonly requested: number;

  @Field(() => Int, { description: 'Units that can be had.' })
  readonly available: number;

  constructor(field: string[], { sku, requested, available }: Shortage) {
    super('INSUFFICIENT_STOCK', field);
    this.sku = sku;
    this.requested = requested;
    this.available = available;
  }
}

@ObjectType({ implements: UserError, description: 'A unit costs something else than the cart has shown.' })
export class PriceChangedError extends UserError {
  @Field(() => String, { description: 'What has another price.' })
  readonly sku: string;

  @Field(() => GraphMoney, { description: 'What the cart has shown.' })
  readonly was: GraphMoney;

  @Field(() => GraphMoney, { description: 'What it costs now, and what the cart shows from now on.' })
  readonly now: GraphMoney;

  constructor(field: string[], { sku, was, now }: { sku: string; was: Money; now: Money }) {
    super('PRICE_CHANGED', field);
    this.sku = sku;
    this.was = toGraphMoney(was);
    this.now = toGraphMoney(now);
  }
}

@ObjectType({ description: 'What became of a checkout.' })
export class CheckoutPayload {
  @Field(() => Order, { nullable: true, description: 'The order; null when refused.' })
  order!: PresentedOrder | null;

  @Field(() => Cart, { nullable: true, description: 'The cart as it is now, when refused; null once it is an order.' })
  cart!: Cart | null;

  @Field(() => [UserError], {
    description: 'Why it was refused; empty when it was done. Lines of the cart are named `input.cartId.lines.0`.',
  })
  userErrors!: UserError[];
}
