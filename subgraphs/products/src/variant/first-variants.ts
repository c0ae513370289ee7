import { type Connection, createLoader, cursorOf, toStored } from '@shopgraph/kit';
import type { ProductStore } from '../product/product-store';
import type { Variant } from './variant';
import { VARIANT_ORDER } from './variant-store';

/** The first page of a product's variants, under the key that asked for it. */
export interface FirstVariants {
  readonly key: string;
  readonly page: Connection<Variant>;
}

const SEPARATOR = ' ';
const CURSOR_ORDER = { ...VARIANT_ORDER, _id: 1 } as const;

/** The key of the first `count` variants of a product. */
export function firstVariantsKey(productId: string, count: number): string {
  return `${count}${SEPARATOR}${productId}`;
}

/**
 * Loads first pages of variants, which lists of products ask for by the dozen: one query for all products
 * and one count. Its cursors are those of `VariantStore.pageOf`, which reads on from them.
 */
export function createFirstVariantsLoader(products: ProductStore, { onlyActive }: { readonly onlyActive: boolean }) {
  const loadAlike = async ([count, productIds]: [number, string[]]): Promise<FirstVariants[]> => {
    // One row more than asked for tells whether there are more.
    const found = await products.firstVariants(productIds, { count: count + 1, onlyActive });
    return productIds.map((id) => ({ key: firstVariantsKey(id, count), page: firstPage(found.get(id) ?? [], count) }));
  };
  return createLoader<FirstVariants>(
    async (keys) => (await Promise.all([...idsByCount(keys)].map(loadAlike))).flat(),
    ({ key }) => key,
  );
}

function idsByCount(keys: readonly string[]): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const key of keys) {
    const [count = '', productId = ''] = key.split(SEPARATOR);
    groups.set(Number(count), [...(groups.get(Number(count)) ?? []), productId]);
  }
  return groups;
}

function firstPage(variants: readonly Variant[], count: number): Connection<Variant> {
  const edges = variants.slice(0, count).map((node) => ({ cursor: cursorOf(toStored(node), CURSOR_ORDER), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: variants.length > count,
      hasPreviousPage: false,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
