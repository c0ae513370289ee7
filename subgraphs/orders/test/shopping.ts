import { type Viewer, decimalOf } from '@shopgraph/kit';
import type { Orders } from './start-orders';

interface GraphMoney {
  readonly amount: string;
  readonly currencyCode: string;
  readonly minorUnits: number;
}

export interface CartAnswer {
  readonly id: string;
  readonly version: number;
  readonly lines: readonly {
    id: string;
    sku: string;
    name: string;
    quantity: number;
    unitPrice: GraphMoney;
    total: GraphMoney;
    variant: { id: string } | null;
  }[];
  readonly totals: { total: GraphMoney; subtotal: GraphMoney };
}

export interface UserErrorAnswer {
  readonly __typename: string;
  readonly code: string;
  readonly message: string;
  readonly field: readonly string[] | null;
}

export interface CartPayloadAnswer {
  readonly cart: CartAnswer | null;
  readonly token: string | null;
  readonly userErrors: readonly UserErrorAnswer[];
}

export interface OrderAnswer {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly paymentStatus: string;
  readonly email: string | null;
  readonly customer: { id: string } | null;
  readonly lines: readonly { id: string; sku: string; quantity: number; cancelledQuantity: number }[];
  readonly totals: { total: GraphMoney };
  readonly version: number;
}

export interface CheckoutAnswer {
  readonly order: OrderAnswer | null;
  readonly cart: CartAnswer | null;
  readonly userErrors: readonly UserErrorAnswer[];
}

const MONEY = '{ amount currencyCode minorUnits }';
export const CART = `{
  id version expiresAt
  lines { id sku name quantity variant { id } unitPrice ${MONEY} total ${MONEY} }
  totals { subtotal ${MONEY} discount ${MONEY} shipping ${MONEY} tax ${MONEY} total ${MONEY} }
}`;
export const ORDER = `{
  id number status allowedTransitions paymentStatus fulfillmentStatus email version placedAt
  customer { id }
  lines {
    id sku name quantity fulfilledQuantity cancelledQuantity refundedQuantity variant { id }
    unitPrice ${MONEY} discount ${MONEY} total ${MONEY}
  }
  totals { subtotal ${MONEY} total ${MONEY} paid ${MONEY} refunded ${MONEY} }
  shippingAddress { name line1 line2 city region postalCode country phone }
  billingAddress { city }
  events { edges { node { type version reason } } }
}`;
const ERRORS = `userErrors {
  __typename code message field
  ... on InsufficientStockError { sku requested available }
  ... on PriceChangedError { sku was ${MONEY} now ${MONEY} }
}`;

export const CART_CREATE = `mutation ($input: CartCreateInput!) { cartCreate(input: $input) { cart ${CART} token ${ERRORS} } }`;
export const CART_LINES_ADD = `mutation ($cartId: ID!, $lines: [CartLineInput!]!, $token: String) {
  cartLinesAdd(cartId: $cartId, lines: $lines, token: $token) { cart ${CART} token ${ERRORS} }
}`;
export const CART_LINE_UPDATE = `mutation ($cartId: ID!, $lineId: ID!, $quantity: Int!, $token: String) {
  cartLineUpdate(cartId: $cartId, lineId: $lineId, quantity: $quantity, token: $token) { cart ${CART} ${ERRORS} }
}`;
export const CART_LINE_REMOVE = `mutation ($cartId: ID!, $lineId: ID!, $token: String) {
  cartLineRemove(cartId: $cartId, lineId: $lineId, token: $token) { cart ${CART} ${ERRORS} }
}`;
export const CART_QUERY = `query ($id: ID!, $token: String) { cart(id: $id, token: $token) ${CART} }`;
export const CHECKOUT = `mutation ($input: CheckoutInput!) { checkout(input: $input) { order ${ORDER} cart ${CART} ${ERRORS} } }`;
export const ORDER_QUERY = `query ($id: ID, $number: String) { order(id: $id, number: $number) ${ORDER} }`;
export const ORDER_CANCEL = `mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { order ${ORDER} ${ERRORS} } }`;

export const anAddress = {
  name: 'Ada Example',
  line1: '1 Main Street',
  line2: '',
  city: 'Berlin',
  postalCode: '10115',
  country: 'DE',
};

let lastKey = 0;
/** An idempotency key that nobody has used. */
export const newKey = () => `test-key-${process.pid}-${(lastKey += 1)}`;

/** Makes a cart and expects that it is made. */
export async function createCart(
  { send }: Pick<Orders, 'send'>,
  viewer: Viewer,
  lines: readonly { sku: string; quantity: number }[],
) {
  const { data } = await send<{ cartCreate: CartPayloadAnswer }>(viewer, CART_CREATE, { input: { lines } });
  const { cart, token, userErrors } = data.cartCreate;
  if (!cart) throw new Error(`no cart: ${JSON.stringify(userErrors)}`);
  return { cart, token };
}

/** The input that orders a cart just as it is shown. */
export function checkoutInput({ cart, token }: { cart: CartAnswer; token: string | null }, overrides: object = {}) {
  const { minorUnits, currencyCode } = cart.totals.total;
  return {
    cartId: cart.id,
    token,
    expectedCartVersion: cart.version,
    expectedTotal: { amount: decimalOf({ minorUnits, currencyCode }), currencyCode },
    email: 'ada@example.com',
    shippingAddress: anAddress,
    payment: { token: 'tok_ok' },
    idempotencyKey: newKey(),
    ...overrides,
  };
}

/** Sends a checkout; the answer as it is. */
export async function checkOut({ send }: Pick<Orders, 'send'>, viewer: Viewer, input: object) {
  const { data, errors } = await send<{ checkout: CheckoutAnswer } | null>(viewer, CHECKOUT, { input });
  return { ...(data?.checkout ?? { order: null, cart: null, userErrors: [] }), errors };
}

/** Buys something that is sold and in stock, and expects that it is bought. */
export async function buy(orders: Orders, viewer: Viewer, { minorUnits = 1_250, quantity = 2 } = {}) {
  const sku = orders.products.sell(minorUnits);
  orders.inventory.stock(sku, 10);
  const created = await createCart(orders, viewer, [{ sku, quantity }]);
  const input = checkoutInput(created);
  const { order, userErrors, errors } = await checkOut(orders, viewer, input);
  if (!order) throw new Error(`no order: ${JSON.stringify(userErrors)} ${JSON.stringify(errors)}`);
  return { order, input, sku, ...created };
}
