import { createHash } from 'node:crypto';
import {
  actorOf,
  type Call,
  type Clock,
  type IdGenerator,
  inTransaction,
  type MongoConnection,
  refuse,
  type Result,
} from '@shopgraph/kit';
import { type Cart, refreshPrices } from '../cart/cart';
import type { CartKey, CartService } from '../cart/cart-service';
import type { CartStore } from '../cart/cart-store';
import type { Catalog, Offer } from '../catalog/catalog';
import type { Address, Order } from '../order/order';
import { sumBySku } from '../stock/stock';
import type { CheckoutPlan, CheckoutRun, RunProblem } from './checkout-run';
import { beginSaga } from './checkout-saga';
import type { EarlierCheckouts } from './earlier-checkouts';
import { type Expectation, problemWith, quote, type QuoteProblem } from './quote';
import type { SagaStore } from './saga-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly carts: CartStore;
  readonly cartService: CartService;
  readonly catalog: Catalog;
  readonly sagas: SagaStore;
  readonly earlier: EarlierCheckouts;
  readonly run: CheckoutRun;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly leaseMs: number;
  /** Seconds that stock is held for a checkout. */
  readonly reservationTtlSeconds: number;
}

/** What somebody wants to buy, and on what terms. */
export interface CheckoutCommand extends CartKey {
  readonly expected: Expectation;
  readonly email: string | null;
  readonly shippingAddress: Address;
  readonly billingAddress: Address;
  readonly paymentToken: string;
  readonly idempotencyKey: string;
}

export type CheckoutProblem =
  | { readonly kind: 'unknown-cart' }
  | { readonly kind: 'email-missing' }
  | QuoteProblem
  | (
      Exclude<RunProblem, { kind: 'too-few' }> | (Extract<RunProblem, { kind: 'too-few' }> & { readonly index: number })
    );

/** Turns a cart into an order: priced, reserved, authorised and placed, or not at all. */
export class CheckoutService {
  constructor(private readonly deps: Dependencies) {}

  /**
   * Checks a cart out. The same intention again gets the order that it made; refusals are not remembered.
   * @throws DomainError IDEMPOTENCY_KEY_MISMATCH, IDEMPOTENCY_IN_PROGRESS, and TIMEOUT or UNAVAILABLE when another
   * service or the payment provider cannot be asked; nothing stays held or charged then.
   */
  async checkout(command: CheckoutCommand, call: Call): Promise<Result<Order, CheckoutProblem>> {
    const { cartService, earlier, ids, sagas, clock, leaseMs, reservationTtlSeconds, run } = this.deps;
    const visible = await cartService.findAny(command, call);
    if (!visible) return refuse({ kind: 'unknown-cart' });
    const intention = intentionOf(command, call);
    const payloadHash = hashOf(command);

    const patience = earlier.patienceFor(call);
    for (;;) {
      const order = await earlier.orderOf(intention, payloadHash, patience);
      if (order) return { ok: true, value: order };

      const plan = await this.plan(command, ids.next('ord'), call);
      if (!plan.ok) {
        // A twin of this request may have made the order since, which is why this cart looks changed.
        if (await sagas.activeOf(intention)) continue;
        return plan;
      }
      const { cart, draft } = plan.value;
      const start = { id: ids.next('checkout'), intention, payloadHash, orderId: draft.id };
      const held = { stockLines: sumBySku(cart.lines), ttlSeconds: reservationTtlSeconds };
      const saga = beginSaga({ ...start, ...held }, { now: clock.now(), leaseMs });
      if (!(await sagas.claim(saga))) continue;
      return atLines(await run.run(saga, plan.value, call), cart);
    }
  }

  /** The cart at the prices of now, ready to be ordered; refused when it is not what the client expects. */
  private async plan(
    command: CheckoutCommand,
    orderId: string,
    call: Call,
  ): Promise<Result<CheckoutPlan, CheckoutProblem>> {
    const { cartService, catalog } = this.deps;
    const cart = await cartService.findAny(command, call);
    if (!cart) return refuse({ kind: 'unknown-cart' });
    const problem = problemWith(cart, command.expected);
    if (problem) return refuse(problem);
    const customerId = call.viewer.kind === 'user' ? call.viewer.id : null;
    if (customerId === null && command.email === null) return refuse({ kind: 'email-missing' });

    const skus = cart.lines.map(({ sku }) => sku);
    const offers = await catalog.offers(skus, cart.currencyCode, call);
    const quoted = quote(cart, offers, command.expected);
    if (!quoted.ok) {
      if (quoted.problems.some(({ kind }) => kind === 'price-changed')) await this.showNewPrices(cart, offers);
      return quoted;
    }
    const { email, shippingAddress, billingAddress, paymentToken } = command;
    const terms = { customerId, email, shippingAddress, billingAddress };
    const draft = { id: orderId, ...terms, ...quoted.value };
    return { ok: true, value: { cart, paymentToken, draft } };
  }

  /** The client is to see what the cart costs now; a cart that has changed meanwhile is left alone. */
  private async showNewPrices(cart: Cart, offers: ReadonlyMap<string, Offer>): Promise<void> {
    const { connection, carts, clock } = this.deps;
    await inTransaction(connection, async (tx) => {
      const current = await carts.byId(cart.id, tx);
      if (current?.version === cart.version) await carts.update(refreshPrices(cart, offers, clock.now()), tx);
    });
  }
}

/** Names what a caller wants once: a guest is known by the cart. */
function intentionOf({ cartId, idempotencyKey }: CheckoutCommand, { viewer }: Call): string {
  const caller = viewer.kind === 'user' ? actorOf(viewer) : cartId;
  return `checkout:${caller}:${idempotencyKey}`;
}

function hashOf({ idempotencyKey: _key, ...payload }: CheckoutCommand): string {
  return createHash('sha256').update(JSON.stringify(payload)).digest('hex');
}

/** Tells at which lines of the cart there is too little. */
function atLines(result: Result<Order, RunProblem>, { lines }: Cart): Result<Order, CheckoutProblem> {
  if (result.ok) return result;
  return refuse(
    ...result.problems.map((problem): CheckoutProblem => {
      if (problem.kind !== 'too-few') return problem;
      return { ...problem, index: lines.findIndex(({ sku }) => sku === problem.sku) };
    }),
  );
}
