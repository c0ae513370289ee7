import { type Clock, type Money, typeIds } from '@shopgraph/kit';
import { type Interception, pass, startFakeSubgraph } from './fake-subgraph';

const SDL = `
  scalar _Any
  scalar Long
  scalar CurrencyCode
  union _Entity = ProductVariant
  type Query { _entities(representations: [_Any!]!): [_Entity]! }
  type ProductVariant { id: ID! sku: String! name: String! active: Boolean! price(currency: CurrencyCode): Money product: Product! }
  type Product { name: String! }
  type Money { minorUnits: Long! currencyCode: CurrencyCode! }
`;

interface FakeVariant {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly active: boolean;
  readonly product: { readonly name: string };
  readonly prices: readonly Money[];
}

interface Sale {
  readonly currencyCode?: string;
  readonly active?: boolean;
  readonly sku?: string;
  /** That of the variant unless given. */
  readonly productName?: string;
}

/** Products as orders knows it: variants with prices that tests can change, and calls that they can spoil. */
export async function startFakeProducts(clock: Clock) {
  const variants = new Map<string, FakeVariant>();
  const products: { intercept: Interception; asked: number } = { intercept: pass, asked: 0 };
  const server = await startFakeSubgraph(
    'products',
    SDL,
    {
      Query: {
        _entities: (_root, { representations }: { representations?: { sku: string }[] }) => {
          products.asked += 1;
          return products.intercept(() => (representations ?? []).map(({ sku }) => entityOf(variants.get(sku))));
        },
      },
      ProductVariant: {
        price: (variant, { currency = 'EUR' }: { currency?: string }) =>
          (variant as FakeVariant).prices.find(({ currencyCode }) => currencyCode === currency) ?? null,
      },
    },
    clock,
  );
  let lastSku = 0;
  return Object.assign(products, {
    url: server.url,
    stop: server.stop,
    /** Puts a variant on sale; answers its SKU. */
    sell(minorUnits: number, { currencyCode = 'EUR', active = true, ...named }: Sale = {}): string {
      const sku = named.sku ?? `SKU-${(lastSku += 1)}`;
      const id = variants.get(sku)?.id ?? typeIds.next('var');
      const name = `Name of ${sku}`;
      const product = { name: named.productName ?? name };
      variants.set(sku, { id, sku, name, active, product, prices: [{ minorUnits, currencyCode }] });
      return sku;
    },
    withdraw: (sku: string) => variants.delete(sku),
    idOf: (sku: string) => variants.get(sku)?.id,
  });
}

function entityOf(variant: FakeVariant | undefined) {
  return variant ? { __typename: 'ProductVariant', ...variant } : null;
}
