import { IsPlainLine, TrimmedString } from '@shopgraph/kit';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Max, Min, ValidateNested } from 'class-validator';
import { Field, InputType, Int } from 'type-graphql';
import { MAX_QUANTITY } from '../stock/inputs';

const DAY_IN_SECONDS = 24 * 60 * 60;

@InputType({ description: 'Units of one SKU to reserve.' })
export class ReservationLineInput {
  @Field(() => String, { description: 'What to reserve.' })
  @TrimmedString(1, 64)
  @IsPlainLine()
  sku!: string;

  @Field(() => Int, { description: 'How many units.' })
  @Min(1)
  @Max(MAX_QUANTITY)
  quantity!: number;
}

@InputType({ description: 'Stock to hold for one owner.' })
export class ReservationCreateInput {
  @Field(() => String, { description: 'What it is held for, such as a cart id.' })
  @TrimmedString(1, 128)
  @IsPlainLine()
  ownerReference!: string;

  @Field(() => [ReservationLineInput], { description: 'What to hold, no SKU twice.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ArrayUnique(({ sku }: ReservationLineInput) => sku)
  @ValidateNested()
  lines!: ReservationLineInput[];

  @Field(() => Int, { defaultValue: 15 * 60, description: 'Seconds until the reservation expires.' })
  @Min(1)
  @Max(DAY_IN_SECONDS)
  ttlSeconds!: number;

  @Field(() => String, { description: 'Repeating the mutation with the same key has no second effect.' })
  @TrimmedString(8, 128)
  @IsPlainLine()
  idempotencyKey!: string;
}
