import { type Call, type Clock, createLoader, type LiveEvents } from '@shopgraph/kit';
import type { Product } from './product/product';
import type { ProductService } from './product/product-service';
import type { ProductStore } from './product/product-store';
import { createFirstVariantsLoader } from './variant/first-variants';
import type { Variant } from './variant/variant';
import type { VariantService } from './variant/variant-service';
import type { VariantStore } from './variant/variant-store';
import { seesUnpublished } from './visibility';

/** What lives as long as the subgraph. */
export interface Services {
  readonly products: ProductStore;
  readonly variants: VariantStore;
  readonly productService: ProductService;
  readonly variantService: VariantService;
  /** The currency of prices that are asked for without one. */
  readonly defaultCurrency: string;
  /** What changes at the moment. */
  readonly live: LiveEvents;
  readonly clock: Clock;
}

/** What a resolver gets: the call, the services and this call's own loaders. */
export interface ProductsContext extends Call, Services {
  /** Whether the viewer knows of drafts, archived products and variants that are not offered. */
  readonly seesUnpublished: boolean;
  readonly loaders: ReturnType<typeof createLoaders>;
}

/** A context for one call: loaders are never shared between callers. */
export function createContext(services: Services, call: Call): ProductsContext {
  const seesAll = seesUnpublished(call.viewer);
  return { ...call, ...services, seesUnpublished: seesAll, loaders: createLoaders(services, seesAll) };
}

function createLoaders({ products, variants }: Services, seesAll: boolean) {
  const productsBy = (key: 'id' | 'slug') =>
    createLoader<Product>(
      (values) => products.productsBy(key, values),
      (product) => product[key],
    );
  const variantsBy = (key: 'id' | 'sku') =>
    createLoader<Variant>(
      (values) => variants.variantsBy(key, values),
      (variant) => variant[key],
    );
  const loaders = {
    productById: productsBy('id'),
    productBySlug: productsBy('slug'),
    variantById: variantsBy('id'),
    variantBySku: variantsBy('sku'),
    firstVariants: createFirstVariantsLoader(products, { onlyActive: !seesAll }),
  };
  return {
    ...loaders,
    /** Forgets what was loaded before a mutation changed it. */
    clear(): void {
      for (const loader of Object.values(loaders)) loader.clearAll();
    },
  };
}
