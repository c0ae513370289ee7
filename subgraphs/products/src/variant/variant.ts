import type { DomainEvent, Money, Result } from '@shopgraph/kit';
import { fitOptions, optionKeyOf, type VariantOption } from './options';
import { ALWAYS, hasPrice, type Price, priceAt, withPrice } from './price';
import type { Product } from '../product/product';

/** What can be bought: a product in one choice of its options. */
export interface Variant {
  readonly id: string;
  readonly productId: string;
  /** Unique in the shop. */
  readonly sku: string;
  readonly name: string;
  /** In the order of the product's options; no two variants of a product share them. */
  readonly options: readonly VariantOption[];
  /** Its place among the product's variants. */
  readonly position: number;
  /** In several currencies, at all times or for a while. */
  readonly prices: readonly Price[];
  /** Whether it is offered. */
  readonly active: boolean;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type VariantEvent =
  | DomainEvent<'products.variant-created', { variantId: string; productId: string; sku: string }>
  | DomainEvent<'products.variant-updated', { variantId: string; productId: string; sku: string; active: boolean }>
  | DomainEvent<
      'products.price-changed',
      {
        variantId: string;
        productId: string;
        sku: string;
        currencyCode: string;
        minorUnits: number;
        /** RFC 3339; null for no such limit. */
        validFrom: string | null;
        validTo: string | null;
      }
    >;

/** A variant as it will be and what to tell of it: nothing when it stays as it is. */
export interface VariantChange {
  readonly variant: Variant;
  readonly events: readonly VariantEvent[];
}

export interface VariantDraft {
  readonly sku: string;
  /** Null to name it after its options. */
  readonly name: string | null;
  readonly options: readonly VariantOption[];
  /** Null while it has none; `invalid` when what was given is no amount of its currency. */
  readonly price: Money | 'invalid' | null;
}

/** Why a variant cannot be added; `line` is its index in the request. */
export interface LineProblem {
  readonly kind: 'sku-taken' | 'options-unfit' | 'options-taken' | 'price-invalid';
  readonly line: number;
}

export const ERROR_POLICIES = ['ALL_OR_NOTHING', 'PARTIAL'] as const;
export type ErrorPolicy = (typeof ERROR_POLICIES)[number];

interface Surroundings {
  /** The SKUs among the drafts' that some variant has. */
  readonly takenSkus: ReadonlySet<string>;
  /** The option keys among the drafts' that a variant of this product has. */
  readonly takenOptionKeys: ReadonlySet<string>;
  readonly policy: ErrorPolicy;
  readonly nextId: () => string;
  readonly now: Date;
}

interface AddedVariants {
  /** What is added: with problems under ALL_OR_NOTHING, nothing. */
  readonly changes: readonly VariantChange[];
  readonly problems: readonly LineProblem[];
}

/** Decides on new variants line by line; of two drafts with the same SKU or options the first has them. */
export function addVariants(product: Product, drafts: readonly VariantDraft[], around: Surroundings): AddedVariants {
  const skus = new Set(around.takenSkus);
  const optionKeys = new Set(around.takenOptionKeys);
  const changes: VariantChange[] = [];
  const problems: LineProblem[] = [];

  for (const [line, draft] of drafts.entries()) {
    const options = fitOptions(product.options, draft.options);
    const optionKey = optionKeyOf(draft.options);
    const kinds: LineProblem['kind'][] = [];
    if (!options) kinds.push('options-unfit');
    // Only one of them: a line that is sent again has its own SKU and its own options against it.
    if (skus.has(draft.sku)) kinds.push('sku-taken');
    else if (optionKeys.has(optionKey)) kinds.push('options-taken');
    if (draft.price === 'invalid') kinds.push('price-invalid');

    problems.push(...kinds.map((kind) => ({ kind, line })));
    if (kinds.length > 0 || !options || draft.price === 'invalid') continue;
    skus.add(draft.sku);
    optionKeys.add(optionKey);
    const position = product.variantCount + changes.length;
    changes.push(createVariant(product, { ...draft, options, price: draft.price }, position, around));
  }
  return { changes: problems.length > 0 && around.policy === 'ALL_OR_NOTHING' ? [] : changes, problems };
}

function createVariant(
  product: Product,
  { sku, name, options, price }: Omit<VariantDraft, 'price'> & { price: Money | null },
  position: number,
  { nextId, now }: Pick<Surroundings, 'nextId' | 'now'>,
): VariantChange {
  const listed = price && { ...price, ...ALWAYS };
  const variant: Variant = {
    id: nextId(),
    productId: product.id,
    sku,
    name: name ?? (options.map(({ value }) => value).join(' / ') || product.name),
    options,
    position,
    prices: listed ? [listed] : [],
    active: true,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  const data = { variantId: variant.id, productId: product.id, sku };
  const created: VariantEvent = { type: 'products.variant-created', aggregateId: variant.id, sequence: 1, data };
  return { variant, events: listed ? [created, priceChanged(variant, listed)] : [created] };
}

export type VariantProblem =
  { readonly kind: 'unknown-variant' } | { readonly kind: 'version-changed'; readonly version: number };

/** Decides on a new name, or on whether the variant is offered. */
export function updateVariant(
  variant: Variant,
  changes: Partial<Pick<Variant, 'name' | 'active'>>,
  { expectedVersion, now }: { readonly expectedVersion: number | null; readonly now: Date },
): Result<VariantChange, VariantProblem> {
  if (expectedVersion !== null && expectedVersion !== variant.version) {
    return { ok: false, problems: [{ kind: 'version-changed', version: variant.version }] };
  }
  const changed = { ...nextVersion(variant, now), ...changes };
  if (changed.name === variant.name && changed.active === variant.active) {
    return { ok: true, value: { variant, events: [] } };
  }
  const { id, productId, sku, active, version } = changed;
  const data = { variantId: id, productId, sku, active };
  const event: VariantEvent = { type: 'products.variant-updated', aggregateId: id, sequence: version, data };
  return { ok: true, value: { variant: changed, events: [event] } };
}

/** The dearest that one unit can be, in minor units: whoever adds up 99,999 of them still has an exact integer. */
export const MAX_PRICE = 90_000_000_000;

/** Whether an amount can be a price. */
export function isPrice({ minorUnits }: Money): boolean {
  return minorUnits >= 0 && minorUnits <= MAX_PRICE;
}

/** Sets the price in one currency, in place of the one that was there for the same time. */
export function setPrice(variant: Variant, price: Price, now: Date): VariantChange {
  if (hasPrice(variant.prices, price)) return { variant, events: [] };
  const priced = { ...nextVersion(variant, now), prices: withPrice(variant.prices, price, now) };
  return { variant: priced, events: [priceChanged(priced, price)] };
}

/** What a variant costs in a currency at a time; null when it has no price in it then. */
export function priceIn({ prices }: Variant, currencyCode: string, at: Date): Money | null {
  return priceAt(prices, currencyCode, at);
}

function nextVersion(variant: Variant, now: Date): Variant {
  return { ...variant, version: variant.version + 1, updatedAt: now };
}

function priceChanged(variant: Variant, { currencyCode, minorUnits, ...validity }: Price): VariantEvent {
  const { id, productId, sku, version } = variant;
  const validFrom = validity.validFrom?.toISOString() ?? null;
  const validTo = validity.validTo?.toISOString() ?? null;
  const data = { variantId: id, productId, sku, currencyCode, minorUnits, validFrom, validTo };
  return { type: 'products.price-changed', aggregateId: id, sequence: version, data };
}
