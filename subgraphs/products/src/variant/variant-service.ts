import {
  type Call,
  type Clock,
  type IdGenerator,
  inTransaction,
  type MongoConnection,
  type Outbox,
  type Result,
} from '@shopgraph/kit';
import { optionKeyOf } from './options';
import type { ProductStore } from '../product/product-store';
import { retryWhenTaken } from '../retry-when-taken';
import type { Price } from './price';
import {
  addVariants,
  type ErrorPolicy,
  type LineProblem,
  setPrice,
  updateVariant,
  type Variant,
  type VariantChange,
  type VariantDraft,
  type VariantProblem,
} from './variant';
import type { VariantStore } from './variant-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly products: ProductStore;
  readonly variants: VariantStore;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

interface AddCommand {
  readonly productId: string;
  readonly drafts: readonly VariantDraft[];
  readonly policy: ErrorPolicy;
}

export type AddProblem = LineProblem | { readonly kind: 'unknown-product' };

/** What was added, and what was not: under PARTIAL there can be both. */
export interface AddResult {
  readonly variants: readonly Variant[];
  readonly problems: readonly AddProblem[];
}

/** Adds variants to products, changes and prices them: variant and events change together or not at all. */
export class VariantService {
  constructor(private readonly deps: Dependencies) {}

  /** Adds variants in one transaction: all of them, or under PARTIAL those that can be added. */
  add({ productId, drafts, policy }: AddCommand, call: Call): Promise<AddResult> {
    const { clock, connection, ids, outbox, products, variants } = this.deps;

    return retryWhenTaken(() =>
      inTransaction(connection, async (tx) => {
        const [product] = await products.productsBy('id', [productId], tx);
        if (!product) return { variants: [], problems: [{ kind: 'unknown-product' }] };

        const skus = drafts.map(({ sku }) => sku);
        const optionKeys = drafts.map(({ options }) => optionKeyOf(options));
        const namesakes = await variants.variantsBy('sku', skus, tx);
        const { changes, problems } = addVariants(product, drafts, {
          takenSkus: new Set(namesakes.map(({ sku }) => sku)),
          takenOptionKeys: await variants.takenOptionKeys(productId, optionKeys, tx),
          policy,
          nextId: () => ids.next('var'),
          now: clock.now(),
        });
        const added = changes.map(({ variant }) => variant);
        if (added.length > 0) {
          await products.countVariants(productId, added.length, tx);
          await variants.add(added, tx);
          await outbox.append(
            changes.flatMap(({ events }) => events),
            call,
            tx,
          );
        }
        return { variants: added, problems };
      }),
    );
  }

  /** Changes what is given and leaves the rest. */
  update(
    { id, expectedVersion }: { readonly id: string; readonly expectedVersion: number | null },
    changes: Partial<Pick<Variant, 'name' | 'active'>>,
    call: Call,
  ): Promise<Result<Variant, VariantProblem>> {
    return this.change(id, call, (variant, now) => updateVariant(variant, changes, { expectedVersion, now }));
  }

  /** Sets the price of a variant in the currency of `price`, for its time. */
  setPrice(id: string, price: Price, call: Call): Promise<Result<Variant, VariantProblem>> {
    return this.change(id, call, (variant, now) => ({ ok: true, value: setPrice(variant, price, now) }));
  }

  private change(
    id: string,
    call: Call,
    decide: (variant: Variant, now: Date) => Result<VariantChange, VariantProblem>,
  ): Promise<Result<Variant, VariantProblem>> {
    const { clock, connection, outbox, variants } = this.deps;

    return inTransaction(connection, async (tx) => {
      const [variant] = await variants.variantsBy('id', [id], tx);
      if (!variant) return { ok: false, problems: [{ kind: 'unknown-variant' }] };

      const decision = decide(variant, clock.now());
      if (!decision.ok) return decision;
      if (decision.value.events.length > 0) {
        await variants.update(decision.value.variant, tx);
        await outbox.append(decision.value.events, call, tx);
      }
      return { ok: true, value: decision.value.variant };
    });
  }
}
