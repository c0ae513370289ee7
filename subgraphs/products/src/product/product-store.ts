import {
  beginsWith,
  type Connection,
  foldText,
  fromStored,
  type MongoConnection,
  type PageArgs,
  paginate,
  replaceVersion,
  type Stored,
  toStored,
  type Transaction,
  trusted,
  wordsOf,
} from '@shopgraph/kit';
import { type Model, type QueryFilter, Schema } from 'mongoose';
import { PRODUCT_STATUSES, type Product, type ProductStatus } from './product';
import { plainTextOf } from './rich-text';
import type { Variant } from '../variant/variant';
import { VARIANT_ORDER, type VariantDocument, variantOf, VARIANTS } from '../variant/variant-store';

/** A product, and what it is sorted and found by. */
type ProductDocument = Stored<Product> & {
  /** The name without case and accents. */
  nameSort: string;
  searchWords: string[];
};

const productSchema = new Schema<ProductDocument>(
  {
    _id: { type: String, required: true },
    slug: { type: String, required: true, unique: true },
    name: { type: String, required: true },
    description: { type: String, default: '' },
    status: { type: String, required: true, enum: PRODUCT_STATUSES },
    options: [{ _id: false, name: { type: String, required: true }, values: [String] }],
    variantCount: { type: Number, required: true },
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    nameSort: { type: String, required: true },
    searchWords: [String],
  },
  { collection: 'products', versionKey: false },
);

/** Every order in which products can be listed; `_id` follows, ascending. */
const SORTS = {
  CREATED_AT_DESC: { createdAt: -1 },
  CREATED_AT_ASC: { createdAt: 1 },
  NAME_ASC: { nameSort: 1 },
  NAME_DESC: { nameSort: -1 },
  UPDATED_AT_DESC: { updatedAt: -1 },
} as const;

export type ProductSort = keyof typeof SORTS;
export const PRODUCT_SORTS = Object.keys(SORTS) as ProductSort[];

for (const sort of Object.values(SORTS)) productSchema.index({ status: 1, ...sort, _id: 1 });
productSchema.index({ status: 1, searchWords: 1 });

export interface ProductQuery {
  readonly statuses: readonly ProductStatus[];
  /** Words of which each must begin a word of the product; null for no search. */
  readonly search: string | null;
  readonly ids: readonly string[] | null;
  readonly slugs: readonly string[] | null;
  readonly sort: ProductSort;
  readonly page: PageArgs;
}

/** Products in MongoDB. */
export class ProductStore {
  private readonly products: Model<ProductDocument>;

  constructor(connection: MongoConnection) {
    this.products = connection.model<ProductDocument>('Product', productSchema);
  }

  /** The products whose `key` is one of `values`, in one query and any order. */
  async productsBy(key: 'id' | 'slug', values: readonly string[], tx?: Transaction): Promise<Product[]> {
    const found = await this.products
      .find({ [key === 'id' ? '_id' : key]: trusted({ $in: values }) })
      .session(tx ?? null)
      .lean<ProductDocument[]>();
    return found.map(productOf);
  }

  /** One page of a list. */
  async list({ statuses, search, ids, slugs, sort, page }: ProductQuery): Promise<Connection<Product>> {
    const filter: QueryFilter<ProductDocument> = {
      status: trusted({ $in: statuses }),
      ...(ids && { _id: trusted({ $in: ids }) }),
      ...(slugs && { slug: trusted({ $in: slugs }) }),
      ...(search !== null && { $and: matching(search) }),
    };
    const { edges, pageInfo } = await paginate(this.products, { filter, sort: SORTS[sort], page });
    return { edges: edges.map(({ cursor, node }) => ({ cursor, node: productOf(node) })), pageInfo };
  }

  /** The first `count` variants of each of these products, by product id, in one query. */
  async firstVariants(
    productIds: readonly string[],
    { count, onlyActive }: { count: number; onlyActive: boolean },
  ): Promise<Map<string, Variant[]>> {
    const inOrder = {
      from: VARIANTS,
      localField: '_id',
      foreignField: 'productId',
      pipeline: [
        ...(onlyActive ? [{ $match: { active: true } }] : []),
        { $sort: { ...VARIANT_ORDER, _id: 1 as const } },
        { $limit: count },
      ],
      as: 'variants',
    };
    const found = await this.products.aggregate<{ _id: string; variants: VariantDocument[] }>([
      { $match: { _id: { $in: productIds } } },
      { $project: { _id: 1 } },
      { $lookup: inOrder },
    ]);
    return new Map(found.map(({ _id, variants }) => [_id, variants.map(variantOf)]));
  }

  /** Those among `slugs` that products have. */
  async takenSlugs(slugs: readonly string[], tx: Transaction): Promise<Set<string>> {
    const found = await this.products
      .find({ slug: trusted({ $in: slugs }) })
      .select({ slug: 1 })
      .session(tx)
      .lean<Pick<ProductDocument, 'slug'>[]>();
    return new Set(found.map(({ slug }) => slug));
  }

  /** Adds a product; fails with a duplicate key when its slug was taken meanwhile. */
  async add(product: Product, tx: Transaction): Promise<void> {
    await this.products.insertMany([documentOf(product)], { session: tx });
  }

  /** Saves a product whose `version` was raised by one; CONFLICT as in `replaceVersion`. */
  update(product: Product, tx: Transaction): Promise<void> {
    return replaceVersion(this.products, documentOf(product), tx);
  }

  /** Counts added variants. As a write to the product it also makes changes of its options wait. */
  async countVariants(id: string, added: number, tx: Transaction): Promise<void> {
    await this.products.updateOne({ _id: id }, { $inc: { variantCount: added } }, { session: tx });
  }
}

function matching(search: string): QueryFilter<ProductDocument>[] {
  const words = wordsOf(search);
  // Nothing is found by a text without words: the text itself is no product's word.
  if (words.length === 0) return [{ searchWords: search }];
  return words.map((word) => ({ searchWords: beginsWith(word) }));
}

function productOf({ nameSort: _nameSort, searchWords: _searchWords, ...document }: ProductDocument): Product {
  return fromStored<Product>(document);
}

function documentOf(product: Product): ProductDocument {
  const { name, slug, description } = product;
  return {
    ...toStored(product),
    nameSort: foldText(name),
    searchWords: wordsOf(`${name} ${slug} ${plainTextOf(description)}`),
  };
}
