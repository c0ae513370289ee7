import type { Money, Result } from '@shopgraph/kit';
import type { Offer } from '../catalog/catalog';

/** Lines that one cart may have. */
export const MAX_CART_LINES = 100;
/** Units that one line may have. */
export const MAX_LINE_QUANTITY = 999;
/** Minor units that one unit may cost, so that the total of the fullest cart is still exact. */
export const MAX_UNIT_PRICE = Math.floor(Number.MAX_SAFE_INTEGER / (MAX_CART_LINES * MAX_LINE_QUANTITY));

const DAY_MS = 24 * 60 * 60 * 1_000;
/** How long a cart is kept after its last change. */
const CART_LIFE_MS = 30 * DAY_MS;

/** An open cart can be changed and checked out, an ordered one has become an order. */
export const CART_STATUSES = ['OPEN', 'ORDERED'] as const;
export type CartStatus = (typeof CART_STATUSES)[number];

/** Units of one SKU; no two lines of a cart have the same. */
export interface CartLine {
  readonly id: string;
  readonly variantId: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  /** What one unit cost when the line was last changed, or refreshed by a checkout. */
  readonly unitPrice: Money;
}

/** What somebody means to buy. Either a customer owns it, or whoever knows its token. */
export interface Cart {
  readonly id: string;
  readonly customerId: string | null;
  /** SHA-256 of a guest's token; null for a customer's cart. */
  readonly tokenHash: string | null;
  readonly status: CartStatus;
  readonly currencyCode: string;
  readonly lines: readonly CartLine[];
  readonly createdAt: Date;
  /** From then on the cart counts as gone. */
  readonly expiresAt: Date;
  readonly version: number;
}

/** Units to put into a cart. */
export interface CartAddition {
  readonly sku: string;
  readonly quantity: number;
}

/** Why a cart cannot be changed; `index` is the place among the additions. */
export type CartProblem =
  | { readonly kind: 'not-available'; readonly index: number; readonly sku: string }
  | { readonly kind: 'line-too-large'; readonly index: number; readonly sku: string }
  | { readonly kind: 'too-many-lines' }
  | { readonly kind: 'unknown-line' }
  | { readonly kind: 'line-not-available'; readonly sku: string };

/** Whose a new cart is, and in which currency its prices are. */
export type CartOrigin = Pick<Cart, 'id' | 'customerId' | 'tokenHash' | 'currencyCode'>;

/** A cart without lines. */
export function emptyCart(origin: CartOrigin, now: Date): Cart {
  return { ...origin, status: 'OPEN', lines: [], createdAt: now, expiresAt: expiryFrom(now), version: 1 };
}

/**
 * Puts units into a cart, all or none. Units of a SKU that is there already join its line, at the price of now.
 * `newLineId` gives the id of each line that is made.
 */
export function addToCart(
  cart: Cart,
  additions: readonly CartAddition[],
  offers: ReadonlyMap<string, Offer>,
  newLineId: () => string,
  now: Date,
): Result<Cart, CartProblem> {
  const problems: CartProblem[] = [];
  const lines = new Map(cart.lines.map((line) => [line.sku, line]));
  for (const [index, { sku, quantity }] of additions.entries()) {
    const offer = offers.get(sku);
    const line = lines.get(sku);
    const total = (line?.quantity ?? 0) + quantity;
    if (!offer) problems.push({ kind: 'not-available', index, sku });
    else if (total > MAX_LINE_QUANTITY) problems.push({ kind: 'line-too-large', index, sku });
    else lines.set(sku, { ...snapshotOf(offer), id: line?.id ?? newLineId(), quantity: total });
  }
  if (lines.size > MAX_CART_LINES) problems.push({ kind: 'too-many-lines' });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: changed(cart, [...lines.values()], now) };
}

/** Sets how many units a line has, at the price of now; none removes it. `offer` is null when it is not sold any more. */
export function setLineQuantity(
  cart: Cart,
  lineId: string,
  quantity: number,
  offer: Offer | null,
  now: Date,
): Result<Cart, CartProblem> {
  if (quantity === 0) return removeLine(cart, lineId, now);
  const line = cart.lines.find(({ id }) => id === lineId);
  if (!line) return { ok: false, problems: [{ kind: 'unknown-line' }] };
  if (!offer) return { ok: false, problems: [{ kind: 'line-not-available', sku: line.sku }] };
  const lines = cart.lines.map((other) => (other === line ? { ...line, ...snapshotOf(offer), quantity } : other));
  return { ok: true, value: changed(cart, lines, now) };
}

/** Takes a line out. */
export function removeLine(cart: Cart, lineId: string, now: Date): Result<Cart, CartProblem> {
  const lines = cart.lines.filter(({ id }) => id !== lineId);
  if (lines.length === cart.lines.length) return { ok: false, problems: [{ kind: 'unknown-line' }] };
  return { ok: true, value: changed(cart, lines, now) };
}

/** The cart at the prices of now; lines that are not sold any more stay as they are. */
export function refreshPrices(cart: Cart, offers: ReadonlyMap<string, Offer>, now: Date): Cart {
  const lines = cart.lines.map((line) => {
    const offer = offers.get(line.sku);
    return offer ? { ...line, ...snapshotOf(offer) } : line;
  });
  return changed(cart, lines, now);
}

function snapshotOf({ sku, variantId, name, unitPrice }: Offer) {
  return { sku, variantId, name, unitPrice };
}

function changed(cart: Cart, lines: readonly CartLine[], now: Date): Cart {
  return { ...cart, lines, expiresAt: expiryFrom(now), version: cart.version + 1 };
}

function expiryFrom(now: Date): Date {
  return new Date(now.getTime() + CART_LIFE_MS);
}
