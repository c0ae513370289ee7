import {
  type Connection,
  fromStored,
  type MongoConnection,
  type PageArgs,
  paginate,
  replaceVersion,
  type Stored,
  toStored,
  type Transaction,
  trusted,
} from '@shopgraph/kit';
import { type Model, type QueryFilter, Schema } from 'mongoose';
import { optionKeyOf, type VariantOption } from './options';
import type { Variant } from './variant';

/** A variant, and its options as one value that an index can keep unique. */
export type VariantDocument = Stored<Variant> & { optionKey: string };

/** The collection's name, for queries that reach it from products. */
export const VARIANTS = 'variants';

/** How a product's variants are listed. */
export const VARIANT_ORDER = { position: 1 } as const;

const variantSchema = new Schema<VariantDocument>(
  {
    _id: { type: String, required: true },
    productId: { type: String, required: true },
    sku: { type: String, required: true, unique: true },
    name: { type: String, required: true },
    options: [{ _id: false, name: { type: String, required: true }, value: { type: String, required: true } }],
    // Empty for the one variant of a product without options.
    optionKey: { type: String, default: '' },
    position: { type: Number, required: true },
    prices: [
      {
        _id: false,
        currencyCode: { type: String, required: true },
        minorUnits: { type: Number, required: true },
        validFrom: { type: Date, default: null },
        validTo: { type: Date, default: null },
      },
    ],
    active: { type: Boolean, required: true },
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: VARIANTS, versionKey: false },
);
variantSchema.index({ productId: 1, optionKey: 1 }, { unique: true });
variantSchema.index({ productId: 1, position: 1, _id: 1 });

/** Variants in MongoDB. */
export class VariantStore {
  private readonly variants: Model<VariantDocument>;

  constructor(connection: MongoConnection) {
    this.variants = connection.model<VariantDocument>('Variant', variantSchema);
  }

  /** The variants whose `key` is one of `values`, in one query and any order. */
  async variantsBy(key: 'id' | 'sku', values: readonly string[], tx?: Transaction): Promise<Variant[]> {
    const found = await this.variants
      .find({ [key === 'id' ? '_id' : key]: trusted({ $in: values }) })
      .session(tx ?? null)
      .lean<VariantDocument[]>();
    return found.map(variantOf);
  }

  /** One page of a product's variants in the order in which they were added. */
  async pageOf(
    productId: string,
    { onlyActive }: { onlyActive: boolean },
    page: PageArgs,
  ): Promise<Connection<Variant>> {
    const filter: QueryFilter<VariantDocument> = { productId, ...(onlyActive && { active: true }) };
    const { edges, pageInfo } = await paginate(this.variants, { filter, sort: VARIANT_ORDER, page });
    return { edges: edges.map(({ cursor, node }) => ({ cursor, node: variantOf(node) })), pageInfo };
  }

  /** The options of every variant of a product. */
  async optionsOf(productId: string, tx: Transaction): Promise<(readonly VariantOption[])[]> {
    const found = await this.variants
      .find({ productId })
      .select({ options: 1 })
      .session(tx)
      .lean<Pick<VariantDocument, 'options'>[]>();
    return found.map(({ options }) => options);
  }

  /** Those among `optionKeys` that variants of this product have. */
  async takenOptionKeys(productId: string, optionKeys: readonly string[], tx: Transaction): Promise<Set<string>> {
    const found = await this.variants
      .find({ productId, optionKey: trusted({ $in: optionKeys }) })
      .select({ optionKey: 1 })
      .session(tx)
      .lean<Pick<VariantDocument, 'optionKey'>[]>();
    return new Set(found.map(({ optionKey }) => optionKey));
  }

  /** Adds variants; fails with a duplicate key when a SKU or a choice of options was taken meanwhile. */
  async add(variants: readonly Variant[], tx: Transaction): Promise<void> {
    await this.variants.insertMany(variants.map(documentOf), { session: tx });
  }

  /** Saves a variant whose `version` was raised by one; CONFLICT as in `replaceVersion`. */
  update(variant: Variant, tx: Transaction): Promise<void> {
    return replaceVersion(this.variants, documentOf(variant), tx);
  }
}

/** The variant that a document of this collection holds. */
export function variantOf({ optionKey: _optionKey, ...document }: VariantDocument): Variant {
  return fromStored<Variant>(document);
}

function documentOf(variant: Variant): VariantDocument {
  return { ...toStored(variant), optionKey: optionKeyOf(variant.options) };
}
