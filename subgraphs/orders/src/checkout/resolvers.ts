import { Cost, payloadOf, readMoneyInput } from '@shopgraph/kit';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { presentCart } from '../cart/presentation';
import type { OrdersContext } from '../context';
import { givenText } from '../given-text';
import type { Address } from '../order/order';
import { presentOrder } from '../order/presentation';
import type { CheckoutCommand } from './checkout-service';
import { type AddressInput, CheckoutInput } from './inputs';
import { CheckoutPayload } from './types';
import { checkoutError } from './user-errors';

@Resolver()
export class CheckoutResolver {
  @Cost(50)
  @Mutation(() => CheckoutPayload, {
    description:
      'Orders what is in a cart: prices, stock and payment are checked, and either everything is done or nothing.',
  })
  async checkout(
    @Arg('input', () => CheckoutInput, { description: 'What to order, and on what terms.' }) input: CheckoutInput,
    @Ctx() context: OrdersContext,
  ): Promise<CheckoutPayload> {
    const command = commandOf(input);
    const result = await context.checkoutService.checkout(command, context);
    const { order, userErrors } = payloadOf('order', result, checkoutError);
    const cart = order ? null : await context.cartService.find(command, context);
    return { order: order && presentOrder(order), cart: cart && presentCart(cart), userErrors };
  }
}

function commandOf(input: CheckoutInput): CheckoutCommand {
  const { cartId, token = null, email = null, payment, idempotencyKey } = input;
  const shippingAddress = addressOf(input.shippingAddress);
  return {
    cartId,
    token,
    expected: {
      cartVersion: input.expectedCartVersion,
      total: readMoneyInput(input.expectedTotal, ['input', 'expectedTotal']),
    },
    email,
    shippingAddress,
    billingAddress: input.billingAddress ? addressOf(input.billingAddress) : shippingAddress,
    paymentToken: payment.token,
    idempotencyKey,
  };
}

function addressOf({ name, line1, line2, city, region, postalCode, country, phone }: AddressInput): Address {
  return {
    name,
    line1,
    line2: givenText(line2),
    city,
    region: givenText(region),
    postalCode: givenText(postalCode),
    country,
    phone: givenText(phone),
  };
}
