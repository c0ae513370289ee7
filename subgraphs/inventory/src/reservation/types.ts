import { GraphQLDateTime, graphqlEnum, UserError } from '@shopgraph/kit';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { ReservationStatus } from './reservation';

const ReservationStatusEnum = graphqlEnum<ReservationStatus>(
  'ReservationStatus',
  'Whether a reservation holds stock, or how it ended.',
  {
    ACTIVE: 'Holds stock.',
    RELEASED: 'Gave its stock back when it was told to.',
    EXPIRED: 'Gave its stock back when its time was up.',
    COMMITTED: 'Its stock belongs to an order.',
  },
);

@ObjectType({ description: 'Units of one SKU that are held.' })
export class ReservationLine {
  @Field(() => String, { description: 'What is held.' })
  sku!: string;

  @Field(() => Int, { description: 'How many units.' })
  quantity!: number;

  @Field(() => Int, { description: 'Units of these that the order has given up since.' })
  cancelledQuantity!: number;
}

@ObjectType({ description: 'Stock held for one owner until it is released, expires or is committed.' })
export class Reservation {
  @Field(() => ID, { description: 'Id of the reservation.' })
  id!: string;

  @Field(() => String, { description: 'What it is held for.' })
  ownerReference!: string;

  @Field(() => ReservationStatusEnum, { description: 'Whether it holds stock, or how it ended.' })
  status!: ReservationStatus;

  @Field(() => [ReservationLine], { description: 'What is held.' })
  lines!: ReservationLine[];

  @Field(() => GraphQLDateTime, { description: 'When it ends by itself.' })
  expiresAt!: Date;

  @Field(() => ID, { nullable: true, description: 'The order that has its stock; null when none is known.' })
  orderId!: string | null;

  @Field(() => Int, { description: 'Rises with every change.' })
  version!: number;
}

@ObjectType({ description: 'What became of a reservation.' })
export class ReservationPayload {
  @Field(() => Reservation, { nullable: true, description: 'The reservation afterwards; null when refused.' })
  reservation!: Reservation | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}
