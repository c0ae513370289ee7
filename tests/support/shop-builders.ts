import { randomUUID } from 'node:crypto';
import type { CartFragment, CheckoutInput, ShopgraphClient } from '@shopgraph/client';
import { eventually } from '@shopgraph/kit/testing';

interface Offer {
  /** Decimal, in EUR. */
  readonly price?: string;
  /** Units in the main warehouse. */
  readonly onHand?: number;
  /** How many variants the product has, all alike. */
  readonly variants?: number;
}

let offers = 0;

/** A SKU that nobody else uses. */
export function aSku(): string {
  offers += 1;
  return `TEST-${process.pid}-${offers}`;
}

/** Puts a product on sale with the client of somebody who may; answers the SKUs of its variants. */
export async function anOffer(staff: ShopgraphClient, { price = '10.00', onHand = 10, variants = 1 }: Offer = {}) {
  const skus = Array.from({ length: variants }, aSku);
  const values = skus.map((_sku, index) => `No. ${index + 1}`);
  const options = variants > 1 ? [{ name: 'Number', values }] : [];
  const input = { name: `Thing ${skus[0]}`, slug: null, description: 'A thing.', options };
  const { productCreate } = await staff.productCreate({ input });
  const productId = productCreate.product?.id ?? '';
  const lines = skus.map((sku, index) => ({
    sku,
    name: values[index] ?? sku,
    options: variants > 1 ? [{ name: 'Number', value: values[index] ?? '' }] : [],
    price: { amount: price, currencyCode: 'EUR' },
  }));
  const { variantsCreate } = await staff.variantsCreate({ productId, input: lines });
  expect([...productCreate.userErrors, ...variantsCreate.userErrors]).toEqual([]);
  const { productPublish } = await staff.productPublish({ id: productId });
  expect(productPublish.userErrors).toEqual([]);
  for (const sku of skus) await receive(staff, sku, onHand);
  return { productId, skus, sku: skus[0] ?? '', slug: productCreate.product?.slug ?? '' };
}

/** Adds units, once inventory has heard of the variant. */
export async function receive(staff: ShopgraphClient, sku: string, units: number): Promise<void> {
  const input = { sku, delta: units, reason: 'RECEIVED' as const, idempotencyKey: randomUUID() };
  if (units === 0) return void (await eventually(() => itemOf(staff, sku)));
  await eventually(async () => {
    const { stockAdjust } = await staff.stockAdjust({ input });
    expect(stockAdjust.userErrors).toEqual([]);
  });
}

/** The inventory item of a SKU. */
export async function itemOf(staff: ShopgraphClient, sku: string) {
  const { inventoryItem } = await staff.inventoryItem({ sku });
  if (!inventoryItem) throw new Error(`inventory does not know ${sku}`);
  return inventoryItem;
}

/** The only level of a SKU. */
export async function levelOf(staff: ShopgraphClient, sku: string) {
  const item = await itemOf(staff, sku);
  const [edge] = item.levels.edges;
  if (!edge) throw new Error(`${sku} has no level`);
  return edge.node;
}

/** A cart with these lines. */
export async function aCart(client: ShopgraphClient, ...lines: { sku: string; quantity: number }[]) {
  const { cartCreate } = await client.cartCreate({ input: { lines, currencyCode: 'EUR' } });
  expect(cartCreate.userErrors).toEqual([]);
  if (!cartCreate.cart) throw new Error('no cart');
  return { cart: cartCreate.cart, token: cartCreate.token ?? null };
}

/** What checks a cart out as it was seen, with a payment that succeeds. */
export function aCheckout(
  { cart, token }: { cart: CartFragment; token: string | null },
  overrides: Partial<CheckoutInput> = {},
): CheckoutInput {
  const { amount, currencyCode } = cart.totals.total;
  return {
    cartId: cart.id,
    token,
    expectedCartVersion: cart.version,
    expectedTotal: { amount, currencyCode },
    ...(token !== null && { email: 'guest@shopgraph.test' }),
    shippingAddress: { name: 'Ada', line1: 'Rua das Flores 1', city: 'Porto', postalCode: '4000-001', country: 'PT' },
    payment: { token: 'tok_ok' },
    idempotencyKey: randomUUID(),
    ...overrides,
  };
}
