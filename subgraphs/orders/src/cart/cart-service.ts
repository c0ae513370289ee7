import {
  type Call,
  type Clock,
  type IdGenerator,
  inTransaction,
  type MongoConnection,
  ok,
  refuse,
  type Result,
} from '@shopgraph/kit';
import type { Catalog, Offer } from '../catalog/catalog';
import {
  addToCart,
  type Cart,
  type CartAddition,
  type CartProblem,
  emptyCart,
  removeLine,
  setLineQuantity,
} from './cart';
import { mayUseCart, newCartToken } from './cart-access';
import type { CartStore } from './cart-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly carts: CartStore;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly defaultCurrency: string;
}

/** Which cart, and a guest's key to it. */
export interface CartKey {
  readonly cartId: string;
  readonly token: string | null;
}

export type CartChangeProblem = CartProblem | { readonly kind: 'unknown-cart' } | { readonly kind: 'already-ordered' };

export interface CreatedCart {
  readonly cart: Cart;
  /** Null for a customer, who needs none. */
  readonly token: string | null;
}

/** Fills carts. Prices come from the catalogue; a cart that changes meanwhile is read again, so that nothing is lost. */
export class CartService {
  constructor(private readonly deps: Dependencies) {}

  /** A new cart: a customer's own, or one for whoever holds the token. */
  async create(
    command: { readonly lines: readonly CartAddition[]; readonly currencyCode: string | null },
    call: Call,
  ): Promise<Result<CreatedCart, CartProblem>> {
    const { carts, catalog, clock, ids, defaultCurrency } = this.deps;
    const customerId = call.viewer.kind === 'user' ? call.viewer.id : null;
    const { token, tokenHash } = customerId === null ? newCartToken() : { token: null, tokenHash: null };
    const currencyCode = command.currencyCode ?? defaultCurrency;

    const offers = await catalog.offers(skusOf(command.lines), currencyCode, call);
    const now = clock.now();
    const empty = emptyCart({ id: ids.next('cart'), customerId, tokenHash, currencyCode }, now);
    const decision = addToCart(empty, command.lines, offers, () => ids.next('line'), now);
    if (!decision.ok) return decision;
    const cart = { ...decision.value, version: 1 };
    await carts.add(cart);
    return ok({ cart, token });
  }

  /** Puts units into a cart, all or none. */
  async addLines(key: CartKey, lines: readonly CartAddition[], call: Call): Promise<Result<Cart, CartChangeProblem>> {
    const { catalog, clock, ids } = this.deps;
    const cart = await this.find(key, call);
    if (!cart) return refuse({ kind: 'unknown-cart' });
    const offers = await catalog.offers(skusOf(lines), cart.currencyCode, call);
    return this.change(key, call, (current) => addToCart(current, lines, offers, () => ids.next('line'), clock.now()));
  }

  /** Sets how many units a line has; 0 removes it. */
  async setQuantity(
    key: CartKey,
    { lineId, quantity }: { readonly lineId: string; readonly quantity: number },
    call: Call,
  ): Promise<Result<Cart, CartChangeProblem>> {
    const { clock } = this.deps;
    const cart = await this.find(key, call);
    if (!cart) return refuse({ kind: 'unknown-cart' });
    const offer = quantity === 0 ? null : await this.offerFor(cart, lineId, call);
    return this.change(key, call, (current) => setLineQuantity(current, lineId, quantity, offer, clock.now()));
  }

  /** Takes a line out. */
  removeLine(key: CartKey, lineId: string, call: Call): Promise<Result<Cart, CartChangeProblem>> {
    return this.change(key, call, (current) => removeLine(current, lineId, this.deps.clock.now()));
  }

  /** The open cart of this key, or null when there is none for this viewer. */
  async find(key: CartKey, call: Call): Promise<Cart | null> {
    const cart = await this.findAny(key, call);
    return cart?.status === 'OPEN' ? cart : null;
  }

  /** As `find`, but also a cart that has become an order. */
  async findAny({ cartId, token }: CartKey, { viewer }: Call): Promise<Cart | null> {
    const cart = await this.deps.carts.byId(cartId);
    return cart && mayUseCart(cart, viewer, token, this.deps.clock.now()) ? cart : null;
  }

  private async offerFor(cart: Cart, lineId: string, call: Call): Promise<Offer | null> {
    const line = cart.lines.find(({ id }) => id === lineId);
    if (!line) return null;
    const offers = await this.deps.catalog.offers([line.sku], cart.currencyCode, call);
    return offers.get(line.sku) ?? null;
  }

  /** Decides on the cart as it is now; simultaneous changes follow one another. */
  private change(
    { cartId, token }: CartKey,
    { viewer }: Call,
    decision: (cart: Cart) => Result<Cart, CartProblem>,
  ): Promise<Result<Cart, CartChangeProblem>> {
    const { connection, carts, clock } = this.deps;
    return inTransaction(connection, async (tx): Promise<Result<Cart, CartChangeProblem>> => {
      const cart = await carts.byId(cartId, tx);
      if (!cart || !mayUseCart(cart, viewer, token, clock.now())) return refuse({ kind: 'unknown-cart' });
      if (cart.status === 'ORDERED') return refuse({ kind: 'already-ordered' });
      const decided = decision(cart);
      if (decided.ok) await carts.update(decided.value, tx);
      return decided;
    });
  }
}

function skusOf(lines: readonly CartAddition[]): string[] {
  return lines.map(({ sku }) => sku);
}
