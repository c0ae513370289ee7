import { IsPlainLine, IsTypeId, MoneyInput, PostalAddressInput, TrimmedString } from '@shopgraph/kit';
import { isEmail, Length, Min, ValidateBy, ValidateNested } from 'class-validator';
import { Field, ID, InputType, Int } from 'type-graphql';

@InputType({ description: 'Where goods or bills go.' })
export class AddressInput extends PostalAddressInput {}

@InputType({ description: 'How an order is paid.' })
export class PaymentInput {
  @Field(() => String, { description: "What the payment provider's form has made of the means of payment." })
  @Length(1, 255)
  token!: string;
}

/** Input field: an e-mail address. `isEmail` throws on halves of characters. */
function IsMailAddress() {
  return ValidateBy({
    name: 'isMailAddress',
    validator: {
      validate: (value) => typeof value === 'string' && !/\p{Cs}/u.test(value) && isEmail(value),
      defaultMessage: () => '$property must be an email',
    },
  });
}

@InputType({ description: 'A cart to order, and on what terms.' })
export class CheckoutInput {
  @Field(() => ID, { description: 'The cart.' })
  @IsTypeId('cart')
  cartId!: string;

  @Field(() => String, { nullable: true, description: "A guest's key to the cart; not needed for one's own." })
  @Length(1, 128)
  token?: string | null;

  @Field(() => Int, { description: 'The version of the cart that the buyer has seen.' })
  @Min(1)
  expectedCartVersion!: number;

  @Field(() => MoneyInput, { description: 'The total that the buyer agrees to.' })
  @ValidateNested()
  expectedTotal!: MoneyInput;

  @Field(() => String, { nullable: true, description: 'Where to write to; guests must give it.' })
  @TrimmedString(3, 254)
  @IsMailAddress()
  email?: string | null;

  @Field(() => AddressInput, { description: 'Where the goods go.' })
  @ValidateNested()
  shippingAddress!: AddressInput;

  @Field(() => AddressInput, { nullable: true, description: 'Where the bill goes, if elsewhere.' })
  @ValidateNested()
  billingAddress?: AddressInput | null;

  @Field(() => PaymentInput, { description: 'How it is paid.' })
  @ValidateNested()
  payment!: PaymentInput;

  @Field(() => String, { description: 'Repeating the mutation with the same key has no second effect.' })
  @TrimmedString(8, 128)
  @IsPlainLine()
  idempotencyKey!: string;
}
