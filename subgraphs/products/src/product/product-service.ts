import {
  type Call,
  type Clock,
  type IdGenerator,
  inTransaction,
  type MongoConnection,
  type Outbox,
  type Result,
  type Transaction,
} from '@shopgraph/kit';
import {
  archiveProduct,
  createProduct,
  type Product,
  type ProductChange,
  type ProductDraft,
  type ProductProblem,
  publishProduct,
  updateProduct,
} from './product';
import type { ProductStore } from './product-store';
import { retryWhenTaken } from '../retry-when-taken';
import { sanitizeRichText } from './rich-text';
import { slugCandidates, slugOf } from './slug';
import type { VariantStore } from '../variant/variant-store';

/** Slugs that one query looks for at once. */
const SLUGS_A_QUERY = 50;

interface Dependencies {
  readonly connection: MongoConnection;
  readonly products: ProductStore;
  readonly variants: VariantStore;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

interface CreateCommand extends Omit<ProductDraft, 'slug'> {
  /** Null to derive one from the name. */
  readonly slug: string | null;
}

interface Target {
  readonly id: string;
  /** Null when any version will do. */
  readonly expectedVersion: number | null;
}

type Decide = (product: Product, now: Date, tx: Transaction) => Promise<Result<ProductChange, ProductProblem>>;

/** Creates products and leads them through their life: product and event change together or not at all. */
export class ProductService {
  constructor(private readonly deps: Dependencies) {}

  /** Adds a draft. A slug that is given must be free, one that is derived is made so. */
  create({ slug, ...command }: CreateCommand, call: Call): Promise<Result<Product, ProductProblem>> {
    const { clock, connection, ids, outbox, products } = this.deps;
    const description = sanitizeRichText(command.description);

    return retryWhenTaken(() =>
      inTransaction(connection, async (tx) => {
        const freeSlug = await (slug === null ? this.deriveSlug(command.name, tx) : this.ifFree(slug, tx));
        if (freeSlug === null) return { ok: false, problems: [{ kind: 'slug-taken' }] };

        const draft = { ...command, description, slug: freeSlug };
        const { product, events } = createProduct(draft, { id: ids.next('prod'), now: clock.now() });
        await products.add(product, tx);
        await outbox.append(events, call, tx);
        return { ok: true, value: product };
      }),
    );
  }

  /** Changes what is given and leaves the rest. */
  update(target: Target, changes: Partial<ProductDraft>, call: Call): Promise<Result<Product, ProductProblem>> {
    const { variants } = this.deps;
    const { slug, description } = changes;
    const safeChanges = {
      ...changes,
      ...(description !== undefined && { description: sanitizeRichText(description) }),
    };

    return this.change(target.id, call, async (product, now, tx) => {
      const chosen = changes.options && product.variantCount > 0 ? await variants.optionsOf(product.id, tx) : [];
      const decision = updateProduct(product, safeChanges, { ...target, now, variants: chosen });
      if (!decision.ok || slug === undefined || slug === product.slug) return decision;
      return (await this.ifFree(slug, tx)) === null ? { ok: false, problems: [{ kind: 'slug-taken' }] } : decision;
    });
  }

  /** Shows a product to the public. */
  publish(target: Target, call: Call): Promise<Result<Product, ProductProblem>> {
    return this.change(target.id, call, async (product, now) => publishProduct(product, { ...target, now }));
  }

  /** Takes a product from the public. */
  archive(target: Target, call: Call): Promise<Result<Product, ProductProblem>> {
    return this.change(target.id, call, async (product, now) => archiveProduct(product, { ...target, now }));
  }

  private change(id: string, call: Call, decide: Decide): Promise<Result<Product, ProductProblem>> {
    const { clock, connection, outbox, products } = this.deps;

    return retryWhenTaken(() =>
      inTransaction(connection, async (tx) => {
        const [product] = await products.productsBy('id', [id], tx);
        if (!product) return { ok: false, problems: [{ kind: 'unknown-product' }] };

        const decision = await decide(product, clock.now(), tx);
        if (!decision.ok) return decision;
        if (decision.value.events.length > 0) {
          await products.update(decision.value.product, tx);
          await outbox.append(decision.value.events, call, tx);
        }
        return { ok: true, value: decision.value.product };
      }),
    );
  }

  private async ifFree(slug: string, tx: Transaction): Promise<string | null> {
    const taken = await this.deps.products.takenSlugs([slug], tx);
    return taken.has(slug) ? null : slug;
  }

  private async deriveSlug(name: string, tx: Transaction): Promise<string> {
    const base = slugOf(name);
    for (let from = 1; ; from += SLUGS_A_QUERY) {
      const candidates = slugCandidates(base, from, SLUGS_A_QUERY);
      const taken = await this.deps.products.takenSlugs(candidates, tx);
      const free = candidates.find((slug) => !taken.has(slug));
      if (free !== undefined) return free;
    }
  }
}
