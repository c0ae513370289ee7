import { manager, type Products } from './start-products';

export interface Refusal {
  code: string;
  field: string[];
  message: string;
}

export interface ProductFields {
  id: string;
  slug: string;
  name: string;
  description: string;
  status: string;
  options: { name: string; values: string[] }[];
  version: number;
  createdAt: string;
  updatedAt: string;
}

export interface VariantFields {
  id: string;
  sku: string;
  name: string;
  options: { name: string; value: string }[];
  price: { amount: string; currencyCode: string; minorUnits: number } | null;
  active: boolean;
  version: number;
  product: { id: string };
}

interface Draft {
  sku: string;
  name?: string;
  options?: { name: string; value: string }[];
  price?: { amount: string; currencyCode: string };
}

export const PRODUCT = 'id slug name description status options { name values } version createdAt updatedAt';
export const VARIANT =
  'id sku name options { name value } price { amount currencyCode minorUnits } active version product { id }';
const ERRORS = 'userErrors { code field message }';

let lastNumber = 0;
/** A word that no other test of this file uses. */
export const unique = (word: string) => `${word}${(lastNumber += 1)}`;

/** What staff does to the catalog, through GraphQL; each answers the payload. */
export function catalogOf(products: Products, viewer = manager) {
  async function mutate<Payload>(field: string, query: string, variables: object): Promise<Payload> {
    const { data, errors } = await products.send<Record<string, Payload>>(viewer, query, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data[field]!;
  }
  type ProductPayload = { product: ProductFields | null; userErrors: Refusal[] };
  type VariantPayload = { variant: VariantFields | null; userErrors: Refusal[] };
  type VariantsPayload = { variants: VariantFields[]; userErrors: Refusal[] };

  const create = (input: object) =>
    mutate<ProductPayload>(
      'productCreate',
      `mutation ($input: ProductCreateInput!) { productCreate(input: $input) { product { ${PRODUCT} } ${ERRORS} } }`,
      { input },
    );
  const update = (id: string, expectedVersion: number, input: object) =>
    mutate<ProductPayload>(
      'productUpdate',
      `mutation ($id: ID!, $expectedVersion: Int!, $input: ProductUpdateInput!) {
        productUpdate(id: $id, expectedVersion: $expectedVersion, input: $input) { product { ${PRODUCT} } ${ERRORS} }
      }`,
      { id, expectedVersion, input },
    );
  const move = (field: 'productPublish' | 'productArchive') => (id: string, expectedVersion?: number) =>
    mutate<ProductPayload>(
      field,
      `mutation ($id: ID!, $expectedVersion: Int) {
        ${field}(id: $id, expectedVersion: $expectedVersion) { product { ${PRODUCT} } ${ERRORS} }
      }`,
      { id, expectedVersion },
    );
  const publish = move('productPublish');
  const addVariants = (productId: string, input: Draft[], errorPolicy?: 'ALL_OR_NOTHING' | 'PARTIAL') =>
    mutate<VariantsPayload>(
      'variantsCreate',
      `mutation ($productId: ID!, $input: [VariantCreateInput!]!, $errorPolicy: ErrorPolicy) {
        variantsCreate(productId: $productId, input: $input, errorPolicy: $errorPolicy) { variants { ${VARIANT} } ${ERRORS} }
      }`,
      { productId, input, errorPolicy },
    );
  return {
    create,
    update,
    publish,
    archive: move('productArchive'),
    addVariants,
    updateVariant: (id: string, input: object, expectedVersion?: number) =>
      mutate<VariantPayload>(
        'variantUpdate',
        `mutation ($id: ID!, $input: VariantUpdateInput!, $expectedVersion: Int) {
          variantUpdate(id: $id, input: $input, expectedVersion: $expectedVersion) { variant { ${VARIANT} } ${ERRORS} }
        }`,
        { id, input, expectedVersion },
      ),
    setPrice: (variantId: string, amount: string, currencyCode = 'EUR') =>
      mutate<VariantPayload>(
        'priceSet',
        `mutation ($variantId: ID!, $price: MoneyInput!) {
          priceSet(variantId: $variantId, price: $price) { variant { ${VARIANT} } ${ERRORS} }
        }`,
        { variantId, price: { amount, currencyCode } },
      ),
    /** A product with `count` variants that differ in size, on sale or in another status. */
    async stocked({ name = unique('Shirt '), count = 1, status = 'ACTIVE', ...rest }: Stocked = {}) {
      const sizes = Array.from({ length: count }, (_, size) => String(size + 1));
      const { product } = await create({ name, options: [{ name: 'Size', values: sizes }], ...rest });
      const { variants } = await addVariants(
        product!.id,
        sizes.map((value) => ({
          sku: `${product!.slug}-size-${value}`,
          options: [{ name: 'Size', value }],
          price: { amount: '12.50', currencyCode: 'EUR' },
        })),
      );
      if (status !== 'DRAFT') await publish(product!.id);
      if (status === 'ARCHIVED') await move('productArchive')(product!.id);
      return { ...product!, variants };
    },
  };
}

interface Stocked {
  name?: string;
  description?: string;
  count?: number;
  status?: 'DRAFT' | 'ACTIVE' | 'ARCHIVED';
}
