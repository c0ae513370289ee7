import { graphqlEnum, IsPlainLine, IsPlainText, IsTypeId, PageArgs, TrimmedString } from '@shopgraph/kit';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Max, Min, ValidateNested } from 'class-validator';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { MAX_CART_LINES, MAX_LINE_QUANTITY } from '../cart/cart';
import type { OrderStatus } from './order';
import { OrderStatusEnum } from './types';

type OrderSort = 'PLACED_AT_ASC' | 'PLACED_AT_DESC';
const OrderSortEnum = graphqlEnum<OrderSort>('OrderSort', 'In which order orders are listed.', {
  PLACED_AT_ASC: 'Oldest first.',
  PLACED_AT_DESC: 'Newest first.',
});

@ArgsType()
export class OrderArgs {
  @Field(() => ID, { nullable: true, description: 'Id of the order; give this or the number.' })
  @IsTypeId('ord')
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'Number of the order; give this or the id.' })
  @TrimmedString(1, 32)
  number?: string | null;
}

@ArgsType()
export class OrderAtArgs {
  @Field(() => ID, { description: 'The order.' })
  @IsTypeId('ord')
  id!: string;

  @Field(() => Int, { description: 'The version to show it at; its first is 1.' })
  @Min(1)
  version!: number;
}

@InputType({ description: 'Which orders to list.' })
export class OrderFilter {
  @Field(() => OrderStatusEnum, { nullable: true, description: 'Those of this status.' })
  status?: OrderStatus | null;
}

@ArgsType()
export class OrderListArgs extends PageArgs {
  @Field(() => OrderFilter, { nullable: true, description: 'Which ones; all if left out.' })
  @ValidateNested()
  filter?: OrderFilter | null;

  @Field(() => OrderSortEnum, {
    nullable: true,
    defaultValue: 'PLACED_AT_DESC',
    description: 'Latest or oldest first.',
  })
  sort?: OrderSort | null;
}

@InputType({ description: 'Units of one line to cancel.' })
export class OrderCancelLineInput {
  @Field(() => ID, { description: 'The line.' })
  @IsTypeId('line')
  lineId!: string;

  @Field(() => Int, { description: 'How many units.' })
  @Min(1)
  @Max(MAX_LINE_QUANTITY)
  quantity!: number;
}

@InputType({ description: 'An order to cancel.' })
export class OrderCancelInput {
  @Field(() => ID, { description: 'The order.' })
  @IsTypeId('ord')
  id!: string;

  @Field(() => [OrderCancelLineInput], {
    nullable: true,
    description: 'What to cancel; everything if left out. Part of an order cannot be cancelled.',
  })
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_CART_LINES)
  @ArrayUnique(({ lineId }: OrderCancelLineInput) => lineId)
  @ValidateNested()
  lines?: OrderCancelLineInput[] | null;

  @Field(() => Boolean, { nullable: true, defaultValue: true, description: 'Whether the units can be sold again.' })
  restock?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Why, for the records.' })
  @TrimmedString(0, 500)
  @IsPlainText()
  reason?: string | null;

  @Field(() => String, { description: 'Repeating the mutation with the same key has no second effect.' })
  @TrimmedString(8, 128)
  @IsPlainLine()
  idempotencyKey!: string;
}
