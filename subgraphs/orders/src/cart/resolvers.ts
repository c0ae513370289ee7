import { type Result, type UserError } from '@shopgraph/kit';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { OrdersContext } from '../context';
import { User } from '../types';
import type { Cart as StoredCart } from './cart';
import type { CartChangeProblem } from './cart-service';
import { CartArgs, CartCreateInput, CartLineRemoveArgs, CartLinesAddArgs, CartLineUpdateArgs } from './inputs';
import { presentCart } from './presentation';
import { Cart, CartPayload } from './types';
import { cartError } from './user-errors';

@Resolver()
export class CartResolver {
  @Query(() => Cart, {
    nullable: true,
    description: "One's own open cart, or with its token a guest's; otherwise null.",
  })
  async cart(
    @Args(() => CartArgs) { id, token = null }: CartArgs,
    @Ctx() context: OrdersContext,
  ): Promise<Cart | null> {
    const cart = await context.cartService.find({ cartId: id, token }, context);
    return cart && presentCart(cart);
  }

  @Mutation(() => CartPayload, {
    description: 'Makes a cart: of a signed-in customer, otherwise of whoever has its token.',
  })
  async cartCreate(
    @Arg('input', () => CartCreateInput, { description: 'What it begins with.' }) input: CartCreateInput,
    @Ctx() context: OrdersContext,
  ): Promise<CartPayload> {
    const command = { lines: input.lines ?? [], currencyCode: input.currencyCode ?? null };
    const result = await context.cartService.create(command, context);
    if (!result.ok) return refused(result.problems.map((problem) => cartError(problem, ['input', 'lines'])));
    return { cart: presentCart(result.value.cart), token: result.value.token, userErrors: [] };
  }

  @Mutation(() => CartPayload, { description: 'Puts units into a cart: all lines or none.' })
  async cartLinesAdd(
    @Args(() => CartLinesAddArgs) { cartId, token = null, lines }: CartLinesAddArgs,
    @Ctx() context: OrdersContext,
  ): Promise<CartPayload> {
    return payload(await context.cartService.addLines({ cartId, token }, lines, context));
  }

  @Mutation(() => CartPayload, { description: 'Sets how many units a line has.' })
  async cartLineUpdate(
    @Args(() => CartLineUpdateArgs) { cartId, token = null, lineId, quantity }: CartLineUpdateArgs,
    @Ctx() context: OrdersContext,
  ): Promise<CartPayload> {
    return payload(await context.cartService.setQuantity({ cartId, token }, { lineId, quantity }, context));
  }

  @Mutation(() => CartPayload, { description: 'Takes a line out of a cart.' })
  async cartLineRemove(
    @Args(() => CartLineRemoveArgs) { cartId, token = null, lineId }: CartLineRemoveArgs,
    @Ctx() context: OrdersContext,
  ): Promise<CartPayload> {
    return payload(await context.cartService.removeLine({ cartId, token }, lineId, context));
  }
}

@Resolver(() => User)
export class UserCartResolver {
  @FieldResolver(() => Cart, { nullable: true, description: "One's own latest open cart; null for everybody else." })
  async cart(@Root() { id }: User, @Ctx() { viewer, loaders }: OrdersContext): Promise<Cart | null> {
    if (viewer.kind !== 'user' || viewer.id !== id) return null;
    const cart = await loaders.openCartByCustomer.load(id);
    return cart && presentCart(cart);
  }
}

function payload(result: Result<StoredCart, CartChangeProblem>): CartPayload {
  if (!result.ok) return refused(result.problems.map((problem) => cartError(problem)));
  return { cart: presentCart(result.value), token: null, userErrors: [] };
}

function refused(userErrors: UserError[]): CartPayload {
  return { cart: null, token: null, userErrors };
}
