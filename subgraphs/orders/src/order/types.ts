import {
  type Connection,
  connectionOf,
  GraphMoney,
  GraphQLCountryCode,
  GraphQLDateTime,
  graphqlEnum,
  PageSized,
  UserError,
} from '@shopgraph/kit';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { CartTotals } from '../cart/types';
import { ProductVariant, User } from '../types';
import type { FulfillmentStatus, OrderStatus, PaymentStatus } from './order';
import type { OrderEventType } from './order-events';

export const OrderStatusEnum = graphqlEnum<OrderStatus>('OrderStatus', 'How far an order has come.', {
  PLACED: 'Bought; nothing has been sent.',
  COMPLETED: 'Everything was sent.',
  CANCELLED: 'Given up.',
});
const PaymentStatusEnum = graphqlEnum<PaymentStatus>('PaymentStatus', 'How far the payment of an order has come.', {
  AUTHORIZED: 'The amount is set aside, and not taken yet.',
  PAID: 'The amount was taken.',
  PARTIALLY_REFUNDED: 'A part of what was taken was given back.',
  REFUNDED: 'All that was taken was given back.',
  VOIDING: 'What was set aside is about to be released.',
  VOIDED: 'What was set aside is released.',
});
const FulfillmentStatusEnum = graphqlEnum<FulfillmentStatus>(
  'FulfillmentStatus',
  'How much of an order has been sent.',
  {
    UNFULFILLED: 'Nothing.',
    PARTIALLY_FULFILLED: 'A part.',
    FULFILLED: 'Everything.',
  },
);
const OrderEventTypeEnum = graphqlEnum<OrderEventType>('OrderEventType', 'What can happen to an order.', {
  PLACED: 'It was bought.',
  CANCELLED: 'It was given up.',
  PAYMENT_VOIDED: 'What was set aside for it was released.',
});

@ObjectType({ description: 'Where goods or bills go.' })
export class OrderAddress {
  @Field(() => String, { description: 'Who it is for.' })
  name!: string;

  @Field(() => String, { description: 'Street and number.' })
  line1!: string;

  @Field(() => String, { nullable: true, description: 'What the first line has no room for.' })
  line2!: string | null;

  @Field(() => String, { description: 'The town.' })
  city!: string;

  @Field(() => String, { nullable: true, description: 'State or province.' })
  region!: string | null;

  @Field(() => String, { nullable: true, description: 'The postal code.' })
  postalCode!: string | null;

  @Field(() => GraphQLCountryCode, { description: 'The country.' })
  country!: string;

  @Field(() => String, { nullable: true, description: 'For the carrier.' })
  phone!: string | null;
}

@ObjectType({ description: 'What was bought of one SKU, as it was then.' })
export class OrderLine {
  @Field(() => ID, { description: 'Id of the line.' })
  id!: string;

  @Field(() => ProductVariant, { nullable: true, description: 'What was bought; null when it is not sold any more.' })
  variant!: ProductVariant | null;

  @Field(() => String, { description: 'The SKU then.' })
  sku!: string;

  @Field(() => String, { description: 'The name then.' })
  name!: string;

  @Field(() => GraphMoney, { description: 'What one unit cost.' })
  unitPrice!: GraphMoney;

  @Field(() => Int, { description: 'How many units were bought.' })
  quantity!: number;

  @Field(() => Int, { description: 'How many of them have been sent.' })
  fulfilledQuantity!: number;

  @Field(() => Int, { description: 'How many of them have been cancelled.' })
  cancelledQuantity!: number;

  @Field(() => Int, { description: 'How many of them have been paid back.' })
  refundedQuantity!: number;

  @Field(() => GraphMoney, { description: 'What was taken off.' })
  discount!: GraphMoney;

  @Field(() => GraphMoney, { description: 'What all units cost, less the discount.' })
  total!: GraphMoney;
}

@ObjectType({ description: 'What an order costs.' })
export class OrderTotals extends CartTotals {
  @Field(() => GraphMoney, { description: 'What has been paid.' })
  paid!: GraphMoney;

  @Field(() => GraphMoney, { description: 'What has been paid back.' })
  refunded!: GraphMoney;
}

@ObjectType({ description: 'Something that happened to an order.' })
export class OrderEvent {
  @Field(() => ID, { description: 'Names the event.' })
  id!: string;

  @Field(() => OrderEventTypeEnum, { description: 'What happened.' })
  type!: OrderEventType;

  @Field(() => Int, { description: 'The version that the order has since.' })
  version!: number;

  @Field(() => GraphQLDateTime, { description: 'When it happened.' })
  at!: Date;

  @Field(() => String, { nullable: true, description: 'Why, where somebody said so.' })
  reason!: string | null;
}

export const OrderEventConnection = connectionOf(OrderEvent);

@Directive('@key(fields: "id")')
@Directive('@key(fields: "number")')
@ObjectType({ description: 'What somebody has bought. Seen by its customer, and by staff.' })
export class Order {
  @Field(() => ID, { description: 'Id of the order.' })
  id!: string;

  @Field(() => String, { description: 'The number that people use: SG-100001.' })
  number!: string;

  @Field(() => OrderStatusEnum, { description: 'How far it has come.' })
  status!: OrderStatus;

  @Field(() => [OrderStatusEnum], { description: 'The statuses that it can be given now.' })
  allowedTransitions!: OrderStatus[];

  @Field(() => PaymentStatusEnum, { description: 'How far its payment has come.' })
  paymentStatus!: PaymentStatus;

  @Field(() => FulfillmentStatusEnum, { description: 'How much of it has been sent.' })
  fulfillmentStatus!: FulfillmentStatus;

  @Field(() => User, { nullable: true, description: 'Who bought it; null for a guest.' })
  customer!: User | null;

  @Field(() => String, { nullable: true, description: 'The e-mail address that was given for it.' })
  email!: string | null;

  @Field(() => [OrderLine], { description: 'What was bought.' })
  lines!: OrderLine[];

  @Field(() => OrderTotals, { description: 'What it costs.' })
  totals!: OrderTotals;

  @Field(() => OrderAddress, { description: 'Where the goods go.' })
  shippingAddress!: OrderAddress;

  @Field(() => OrderAddress, { description: 'Where the bill goes.' })
  billingAddress!: OrderAddress;

  @PageSized()
  @Field(() => OrderEventConnection, { description: 'What has happened to it, oldest first.' })
  events!: Connection<OrderEvent>;

  @Field(() => GraphQLDateTime, { description: 'When it was placed.' })
  placedAt!: Date;

  @Field(() => Int, { description: 'Rises with every change.' })
  version!: number;
}

export const OrderConnection = connectionOf(Order);

@ObjectType({ description: 'What became of a change of an order.' })
export class OrderPayload {
  @Field(() => Order, { nullable: true, description: 'The order afterwards; null when refused.' })
  order!: PresentedOrder | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

/** An order without what only its field resolvers add. */
export type PresentedOrder = Omit<Order, 'events'>;
