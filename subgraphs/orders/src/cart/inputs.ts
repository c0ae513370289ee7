import { GraphQLCurrencyCode, IsCurrencyCode, IsPlainLine, IsTypeId, TrimmedString } from '@shopgraph/kit';
import { ArrayMaxSize, ArrayMinSize, Length, Max, Min, ValidateNested } from 'class-validator';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { MAX_CART_LINES, MAX_LINE_QUANTITY } from './cart';

const TOKEN = { nullable: true, description: "A guest's key to the cart; not needed for one's own." } as const;

@InputType({ description: 'Units of one SKU to put into a cart.' })
export class CartLineInput {
  @Field(() => String, { description: 'What to buy.' })
  @TrimmedString(1, 64)
  @IsPlainLine()
  sku!: string;

  @Field(() => Int, { description: `How many units, at most ${MAX_LINE_QUANTITY}.` })
  @Min(1)
  @Max(MAX_LINE_QUANTITY)
  quantity!: number;
}

@InputType({ description: 'A new cart.' })
export class CartCreateInput {
  @Field(() => [CartLineInput], { nullable: true, description: 'What to put in; lines of one SKU add up.' })
  @ArrayMaxSize(MAX_CART_LINES)
  @ValidateNested()
  lines?: CartLineInput[] | null;

  @Field(() => GraphQLCurrencyCode, {
    nullable: true,
    description: "The currency of its prices; the shop's own if left out.",
  })
  @IsCurrencyCode()
  currencyCode?: string | null;
}

@ArgsType()
export class CartArgs {
  @Field(() => ID, { description: 'The cart.' })
  @IsTypeId('cart')
  id!: string;

  @Field(() => String, TOKEN)
  @Length(1, 128)
  token?: string | null;
}

@ArgsType()
export class CartLinesAddArgs {
  @Field(() => ID, { description: 'The cart.' })
  @IsTypeId('cart')
  cartId!: string;

  @Field(() => [CartLineInput], { description: 'What to put in; units of a SKU that is there already join its line.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_CART_LINES)
  @ValidateNested()
  lines!: CartLineInput[];

  @Field(() => String, TOKEN)
  @Length(1, 128)
  token?: string | null;
}

@ArgsType()
export class CartLineRemoveArgs {
  @Field(() => ID, { description: 'The cart.' })
  @IsTypeId('cart')
  cartId!: string;

  @Field(() => ID, { description: 'The line.' })
  @IsTypeId('line')
  lineId!: string;

  @Field(() => String, TOKEN)
  @Length(1, 128)
  token?: string | null;
}

@ArgsType()
export class CartLineUpdateArgs extends CartLineRemoveArgs {
  @Field(() => Int, { description: `How many units it is to have, at most ${MAX_LINE_QUANTITY}; 0 removes it.` })
  @Min(0)
  @Max(MAX_LINE_QUANTITY)
  quantity!: number;
}
