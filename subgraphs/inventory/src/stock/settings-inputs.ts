import { IsPlainLine, IsTypeId, TrimmedString } from '@shopgraph/kit';
import { Max, Min } from 'class-validator';
import { Field, ID, InputType, Int } from 'type-graphql';
import { DEFAULT_LOCATION_ID } from '../location/location';
import { MAX_QUANTITY } from './inputs';

@InputType({ description: 'How an item is sold; what is left out stays as it is.' })
export class InventoryItemUpdateInput {
  @Field(() => String, { description: 'The item.' })
  @TrimmedString(1, 64)
  @IsPlainLine()
  sku!: string;

  @Field(() => Boolean, { nullable: true, description: 'False for what cannot run out.' })
  tracked?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Units that may be sold beyond what is there.' })
  @Min(0)
  @Max(MAX_QUANTITY)
  backorderLimit?: number | null;
}

@InputType({ description: 'When a level counts as low.' })
export class StockThresholdSetInput {
  @Field(() => String, { description: 'The item.' })
  @TrimmedString(1, 64)
  @IsPlainLine()
  sku!: string;

  @Field(() => ID, {
    nullable: true,
    defaultValue: DEFAULT_LOCATION_ID,
    description: 'The location; the main warehouse if left out.',
  })
  @IsTypeId('loc')
  locationId?: string | null;

  @Field(() => Int, { description: 'Available units at or below which the level counts as low.' })
  @Min(0)
  @Max(MAX_QUANTITY)
  lowStockThreshold!: number;
}

@InputType({ description: 'Units to move from one location to another.' })
export class StockTransferInput {
  @Field(() => String, { description: 'What moves.' })
  @TrimmedString(1, 64)
  @IsPlainLine()
  sku!: string;

  @Field(() => ID, { description: 'Where it comes from.' })
  @IsTypeId('loc')
  fromLocationId!: string;

  @Field(() => ID, { description: 'Where it goes.' })
  @IsTypeId('loc')
  toLocationId!: string;

  @Field(() => Int, { description: 'How many units.' })
  @Min(1)
  @Max(MAX_QUANTITY)
  quantity!: number;

  @Field(() => String, { nullable: true, description: 'The paper behind it, such as a transfer order.' })
  @TrimmedString(1, 200)
  @IsPlainLine()
  reference?: string | null;

  @Field(() => String, { description: 'Repeating the mutation with the same key has no second effect.' })
  @TrimmedString(8, 128)
  @IsPlainLine()
  idempotencyKey!: string;
}
