import { GraphMoney, GraphQLDateTime, UserError } from '@shopgraph/kit';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { ProductVariant } from '../types';

@ObjectType({ description: 'Units of one variant in a cart.' })
export class CartLine {
  @Field(() => ID, { description: 'Id of the line.' })
  id!: string;

  @Field(() => ProductVariant, {
    nullable: true,
    description: 'What is to be bought; null when it is not sold any more.',
  })
  variant!: ProductVariant | null;

  @Field(() => String, { description: 'The SKU of the variant.' })
  sku!: string;

  @Field(() => String, { description: 'The name of the variant.' })
  name!: string;

  @Field(() => Int, { description: 'How many units.' })
  quantity!: number;

  @Field(() => GraphMoney, { description: 'What one unit cost when the line was last changed.' })
  unitPrice!: GraphMoney;

  @Field(() => GraphMoney, { description: 'What all units cost.' })
  total!: GraphMoney;
}

@ObjectType({ description: 'What a cart costs.' })
export class CartTotals {
  @Field(() => GraphMoney, { description: 'The sum of the lines.' })
  subtotal!: GraphMoney;

  @Field(() => GraphMoney, { description: 'What is taken off.' })
  discount!: GraphMoney;

  @Field(() => GraphMoney, { description: 'What delivery costs.' })
  shipping!: GraphMoney;

  @Field(() => GraphMoney, { description: 'Tax that is not in the prices.' })
  tax!: GraphMoney;

  @Field(() => GraphMoney, { description: 'What is to be paid: subtotal less discount plus shipping plus tax.' })
  total!: GraphMoney;
}

@Directive('@key(fields: "id")')
@ObjectType({ description: 'What somebody means to buy. Seen by its owner only, or with its token.' })
export class Cart {
  @Field(() => ID, { description: 'Id of the cart.' })
  id!: string;

  @Field(() => [CartLine], { description: 'What is in it, a line for each SKU.' })
  lines!: CartLine[];

  @Field(() => CartTotals, { description: 'What it costs.' })
  totals!: CartTotals;

  @Field(() => Int, { description: 'Rises with every change.' })
  version!: number;

  @Field(() => GraphQLDateTime, { description: 'When it is gone, unless it is changed before.' })
  expiresAt!: Date;
}

@ObjectType({ description: 'What became of a change of a cart.' })
export class CartPayload {
  @Field(() => Cart, { nullable: true, description: 'The cart afterwards; null when refused.' })
  cart!: Cart | null;

  @Field(() => String, {
    nullable: true,
    description: "The key to a guest's new cart. It is shown here only, this once; null for everybody else.",
  })
  token!: string | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}
