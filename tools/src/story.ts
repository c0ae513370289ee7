import { randomUUID } from 'node:crypto';
import type { MoneyFragment, ShopgraphClient, UserErrorFragment } from '@shopgraph/client';

interface StoryOptions {
  /** Nobody known yet; keeps its tokens. */
  readonly client: ShopgraphClient;
  /** The token in the mail to an address, once it is there. */
  readonly tokenMailedTo: (address: string) => Promise<string>;
  /** Told line by line. */
  readonly tell: (line: string) => void;
}

const PASSWORD = 'a password that is easy to remember 7';
const ADDRESS = {
  name: 'Ada Lovelace',
  line1: 'Rua das Flores 1',
  city: 'Porto',
  postalCode: '4000-001',
  country: 'PT',
};

/**
 * Drives a purchase from the registration to the cancelled order and tells each step.
 * @throws Error when a step is refused.
 */
export async function tellStory({ client, tokenMailedTo, tell }: StoryOptions): Promise<void> {
  const email = `ada.${randomUUID().slice(0, 8)}@shopgraph.test`;

  const { register } = await client.register({ input: { email, name: 'Ada Lovelace', password: PASSWORD } });
  expectDone(register);
  tell(`1. ${email} registers; a mail with a token is on its way.`);
  const { verifyEmail } = await client.verifyEmail({ token: await tokenMailedTo(email) });
  expectDone(verifyEmail);
  tell(
    `2. The address is confirmed, and ${verifyEmail.user?.name} is signed in for ${verifyEmail.expiresIn} s at a time.`,
  );

  const { products } = await client.products({ first: 3, sort: 'NAME_ASC' });
  tell(`3. The shop shows ${products.edges.map(({ node }) => node.name).join(', ')} and more.`);
  const { product } = await client.product({ slug: 'stoneware-mug' });
  const variant = product?.variants.edges
    .map(({ node }) => node)
    .find(({ availability }) => availability.quantity >= 2);
  if (!product || !variant?.price) throw new Error('there is no stoneware mug to be had');
  const { sku, price, availability } = variant;
  tell(`4. ${product.name}, ${variant.name} (${sku}): ${show(price)}, ${availability.quantity} in stock.`);

  const { cartCreate } = await client.cartCreate({ input: { lines: [{ sku, quantity: 2 }], currencyCode: 'EUR' } });
  expectDone(cartCreate);
  const cart = cartCreate.cart;
  if (!cart) throw new Error('there is no cart');
  const { total } = cart.totals;
  tell(`5. Two of them are in the cart: ${show(total)}.`);

  const input = {
    cartId: cart.id,
    expectedCartVersion: cart.version,
    expectedTotal: { amount: total.amount, currencyCode: total.currencyCode },
    shippingAddress: ADDRESS,
    payment: { token: 'tok_ok' },
    idempotencyKey: randomUUID(),
  };
  const { checkout } = await client.checkout({ input });
  expectDone(checkout);
  const order = checkout.order;
  if (!order) throw new Error('there is no order');
  tell(`6. Checked out: order ${order.number}, ${order.status}, payment ${order.paymentStatus}.`);
  const repeated = await client.checkout({ input });
  tell(`   The same request once more gives the same order: ${repeated.checkout.order?.number}.`);
  const afterwards = await client.variant({ sku });
  tell(`7. ${afterwards.variant?.availability.quantity} are left in stock.`);

  const { orderCancel } = await client.orderCancel({
    input: { id: order.id, reason: 'the end of the demo', idempotencyKey: randomUUID() },
  });
  expectDone(orderCancel);
  tell(`8. The order is ${orderCancel.order?.status}; the mugs go back on the shelf, the payment is released.`);
  const { me } = await client.myOrders({ first: 10 });
  tell(`9. Orders of ${email}: ${me?.orders.edges.map(({ node }) => `${node.number} ${node.status}`).join(', ')}.`);
  await client.logout();
  tell('10. Signed out.');
}

function show({ amount, currencyCode }: MoneyFragment): string {
  return `${amount} ${currencyCode}`;
}

function expectDone({ userErrors }: { readonly userErrors: readonly UserErrorFragment[] }): void {
  const [refusal] = userErrors;
  if (refusal) throw new Error(`${refusal.code}: ${refusal.message}`);
}
