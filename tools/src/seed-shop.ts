import { setTimeout as sleep } from 'node:timers/promises';
import { decimalOf, money, PERMISSIONS, type Viewer } from '@shopgraph/kit';
import { z } from 'zod';
import { demoAccounts, DEMO_PASSWORD } from './demo-accounts';
import { demoCatalogue, type DemoProduct } from './demo-catalogue';
import type { Subgraphs } from './shop';
import { subgraphCaller } from './subgraph-caller';

const STORE = { id: 'loc_01jz0000000000000000000000', name: 'Store' };
const CURRENCY = 'EUR';
/** Products that are created side by side. */
const WORKERS = 8;
/** How long inventory may take to hear of a new variant. */
const PATIENCE_MS = 20_000;
const POLL_MS = 25;

/** Who events and stock movements say that it was. */
const seeder: Viewer = {
  kind: 'user',
  id: 'user_00000000000000000000000000',
  sessionId: 'seed',
  permissions: Object.keys(PERMISSIONS),
};

const userErrors = z.array(z.object({ code: z.string(), message: z.string() }));
type UserErrors = z.output<typeof userErrors>;

const PRODUCT = {
  query: 'query ($slug: String!) { product(slug: $slug) { id status } }',
  data: z.object({ product: z.object({ id: z.string(), status: z.string() }).nullable() }),
};
const CREATE = {
  query: `mutation ($input: ProductCreateInput!) {
    productCreate(input: $input) { product { id } userErrors { code message } } }`,
  data: z.object({ productCreate: z.object({ product: z.object({ id: z.string() }).nullable(), userErrors }) }),
};
const VARIANTS = {
  query: `mutation ($productId: ID!, $input: [VariantCreateInput!]!) {
    variantsCreate(productId: $productId, input: $input) { userErrors { code message } } }`,
  data: z.object({ variantsCreate: z.object({ userErrors }) }),
};
const PUBLISH = {
  query: 'mutation ($id: ID!) { productPublish(id: $id) { userErrors { code message } } }',
  data: z.object({ productPublish: z.object({ userErrors }) }),
};
const LOCATION = {
  query: 'mutation ($input: LocationUpsertInput!) { locationUpsert(input: $input) { userErrors { code message } } }',
  data: z.object({ locationUpsert: z.object({ userErrors }) }),
};
const ADJUST = {
  query: 'mutation ($input: StockAdjustInput!) { stockAdjust(input: $input) { userErrors { code message } } }',
  data: z.object({ stockAdjust: z.object({ userErrors }) }),
};

/**
 * Fills a shop with the demo accounts, products and stock, through its services. What is there already stays as it
 * is, and what an interrupted seed has left half done is finished. Answers how many products are new.
 */
export async function seedShop(shop: Subgraphs): Promise<number> {
  const call = subgraphCaller(seeder, shop.config.SIGNING_KEYS);
  const { products, inventory } = shop.origins;

  async function createProduct(slug: string, { name, description, option, variants }: DemoProduct): Promise<string> {
    const options = option === null ? [] : [{ name: option, values: variants.map((variant) => variant.name) }];
    const input = { name, slug, description, options };
    const { productCreate } = await call(products, { ...CREATE, variables: { input } });
    expectDone(productCreate.userErrors, name);
    return productCreate.product?.id ?? '';
  }

  async function createVariants(productId: string, { option, variants }: DemoProduct): Promise<void> {
    const input = variants.map(({ sku, name, price }) => ({
      sku,
      name,
      options: option === null ? [] : [{ name: option, value: name }],
      price: { amount: decimalOf(money(price, CURRENCY)), currencyCode: CURRENCY },
    }));
    const { variantsCreate } = await call(products, { ...VARIANTS, variables: { productId, input } });
    expectDone(variantsCreate.userErrors, productId, 'SKU_TAKEN');
  }

  async function stock(sku: string, delta: number, location: { readonly locationId?: string }): Promise<void> {
    if (delta === 0) return;
    const idempotencyKey = `seed:${sku}:${location.locationId ?? 'default'}`;
    const input = { sku, delta, ...location, reason: 'RECEIVED', reference: 'opening stock', idempotencyKey };
    const patientUntil = Date.now() + PATIENCE_MS;
    for (;;) {
      const { stockAdjust } = await call(inventory, { ...ADJUST, variables: { input } });
      // Inventory learns of a variant by an event.
      const isUnknown = stockAdjust.userErrors.some(({ code }) => code === 'NOT_FOUND');
      if (!isUnknown || Date.now() > patientUntil) {
        expectDone(stockAdjust.userErrors, sku);
        return;
      }
      await sleep(POLL_MS);
    }
  }

  /** Published last, so that a product which is on sale is complete. */
  async function seedProduct(product: DemoProduct): Promise<boolean> {
    const slug = product.name
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
    const found = (await call(products, { ...PRODUCT, variables: { slug } })).product;
    if (found && found.status !== 'DRAFT') return false;
    const id = found?.id ?? (await createProduct(slug, product));
    await createVariants(id, product);
    for (const {
      sku,
      stock: [inWarehouse, inStore],
    } of product.variants) {
      await stock(sku, inWarehouse, {});
      await stock(sku, inStore, { locationId: STORE.id });
    }
    const { productPublish } = await call(products, { ...PUBLISH, variables: { id } });
    expectDone(productPublish.userErrors, product.name);
    return true;
  }

  await Promise.all(
    demoAccounts.map((account) => shop.userAdministration.seedUser({ ...account, password: DEMO_PASSWORD })),
  );
  const { locationUpsert } = await call(inventory, { ...LOCATION, variables: { input: STORE } });
  expectDone(locationUpsert.userErrors, STORE.name);

  let created = 0;
  const waiting = [...demoCatalogue];
  const worker = async (): Promise<void> => {
    for (let product = waiting.shift(); product; product = waiting.shift()) {
      if (await seedProduct(product)) created += 1;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return created;
}

/** @throws Error for a refusal that is not expected. */
function expectDone(errors: UserErrors, what: string, ...expected: readonly string[]): void {
  const unexpected = errors.filter(({ code }) => !expected.includes(code));
  if (unexpected.length > 0) throw new Error(`${what}: ${JSON.stringify(unexpected)}`);
}
