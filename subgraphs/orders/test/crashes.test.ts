import { aUser, eventually } from '@shopgraph/kit/testing';
import { aHang, pass } from './fake-subgraph';
import { checkOut, checkoutInput, createCart } from './shopping';
import { LEASE_MS, startWorld } from './start-orders';

type World = Awaited<ReturnType<typeof startWorld>>;
type Process = Awaited<ReturnType<World['startProcess']>>;

const customer = aUser({ id: 'user_shopper' });

/** Where the first process stops; it never comes back before `released`. */
interface Crash {
  readonly name: string;
  readonly token?: string;
  readonly stop: (world: World, process: Process, released: Promise<void>, reached: () => void) => void;
}

/** Stops the first call before or after its effect; later calls pass. */
function stopFirst(when: 'before' | 'after', released: Promise<void>, reached: () => void) {
  let calls = 0;
  return async <Value>(effect: () => Value): Promise<Value> => {
    calls += 1;
    if (calls > 1) return effect();
    const early = when === 'after' ? await effect() : undefined;
    reached();
    await released;
    return early ?? (await effect());
  };
}

const CRASHES: readonly Crash[] = [
  {
    name: 'before inventory has reserved',
    stop: ({ inventory }, _process, released, reached) =>
      void (inventory.onReserve = stopFirst('before', released, reached)),
  },
  {
    name: 'after inventory has reserved, before it is written down',
    stop: ({ inventory }, _process, released, reached) =>
      void (inventory.onReserve = stopFirst('after', released, reached)),
  },
  {
    name: 'before the payment is authorised',
    stop: (_world, { payments }, released, reached) =>
      void (payments.onAuthorize = stopFirst('before', released, reached)),
  },
  {
    name: 'after the payment is authorised, before it is written down',
    stop: (_world, { payments }, released, reached) =>
      void (payments.onAuthorize = stopFirst('after', released, reached)),
  },
  {
    name: 'before a declined payment is undone',
    token: 'tok_declined',
    stop: ({ inventory }, _process, released, reached) =>
      void (inventory.onRelease = stopFirst('before', released, reached)),
  },
  {
    name: 'after a declined payment is undone, before it is written down',
    token: 'tok_declined',
    stop: ({ inventory }, _process, released, reached) =>
      void (inventory.onRelease = stopFirst('after', released, reached)),
  },
];

let world: World;
const hangs: ReturnType<typeof aHang>[] = [];
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  // Whatever a failed test has left hanging would keep its process from closing.
  hangs.splice(0).forEach(({ release }) => release());
  await world.stop();
});

const heldAndCharged = async () => ({
  reservations: world.inventory.held().length,
  authorised: await world.collection('sandboxPayments').countDocuments({ status: 'AUTHORIZED' }),
  orders: await world.collection('orderCommits').countDocuments({ version: 1 }),
});

async function crashAt({ stop, token = 'tok_ok' }: Crash) {
  const first = await world.startProcess();
  const sku = world.products.sell(1_000);
  world.inventory.stock(sku, 1);
  const created = await createCart(first, customer, [{ sku, quantity: 1 }]);
  const input = checkoutInput(created, { payment: { token } });
  const hang = aHang();
  const reached = aHang();
  hangs.push(hang, reached);
  stop(world, first, hang.released, reached.release);
  const lost = checkOut(first, customer, input);
  await reached.released;
  return { input, lost, comeBack: hang.release };
}

describe('after a crash', () => {
  it.each(CRASHES)('$name, another process takes back what was held, and the key can be used again', async (crash) => {
    const { input, lost, comeBack } = await crashAt(crash);
    const second = await world.startProcess();
    world.clock.advance(LEASE_MS);
    await eventually(async () => {
      expect(await world.collection('checkouts').countDocuments({ step: 'FAILED' })).toBe(1);
      expect(await heldAndCharged()).toEqual({ reservations: 0, authorised: 0, orders: 0 });
    });

    const again = await checkOut(second, customer, { ...input, payment: { token: 'tok_ok' } });
    expect(again.order).not.toBeNull();

    // A process that only stood still goes on, and must not spoil what was done in its place.
    comeBack();
    expect((await lost).order).toBeNull();
    expect(await heldAndCharged()).toEqual({ reservations: 1, authorised: 1, orders: 1 });
  });

  it('right before the order is placed, another process takes everything back', async () => {
    const { lost, comeBack } = await crashAt(CRASHES[3]!);
    const written = { $set: { step: 'PLACING' }, $inc: { version: 1 } };
    await world.collection('checkouts').updateOne({ step: 'AUTHORISING' }, written);
    await world.startProcess();
    world.clock.advance(LEASE_MS);
    await eventually(async () => expect(await heldAndCharged()).toEqual({ reservations: 0, authorised: 0, orders: 0 }));
    comeBack();
    expect((await lost).order).toBeNull();
    expect(await heldAndCharged()).toEqual({ reservations: 0, authorised: 0, orders: 0 });
  });

  it('the same key need not wait for the background: it takes back and orders by itself', async () => {
    const { input, lost, comeBack } = await crashAt(CRASHES[3]!);
    const second = await world.startProcess();
    world.clock.advance(LEASE_MS);
    const { order } = await checkOut(second, customer, input);
    expect(order).not.toBeNull();
    comeBack();
    await lost;
    expect(await heldAndCharged()).toEqual({ reservations: 1, authorised: 1, orders: 1 });
  });

  it('two processes that clean up at once do it once', async () => {
    const { lost, comeBack } = await crashAt(CRASHES[3]!);
    world.clock.advance(LEASE_MS);
    await Promise.all([world.startProcess(), world.startProcess()]);
    await eventually(async () => {
      expect(await world.collection('checkouts').countDocuments({ step: 'FAILED' })).toBe(1);
    });
    expect(await heldAndCharged()).toEqual({ reservations: 0, authorised: 0, orders: 0 });
    comeBack();
    await lost;
  });

  it('within the lease nobody touches the checkout, which goes on by itself', async () => {
    const { lost, comeBack } = await crashAt(CRASHES[3]!);
    await world.startProcess();
    world.clock.advance(LEASE_MS - 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    comeBack();
    expect((await lost).order).not.toBeNull();
    expect(await heldAndCharged()).toEqual({ reservations: 1, authorised: 1, orders: 1 });
  });
});

describe('a sibling or provider that does not answer', () => {
  it('is given up on in time, and nothing stays held', async () => {
    const hasty = await world.startProcess({ PAYMENT_TIMEOUT_MS: 50, SERVICE_TIMEOUT_MS: 2_000 });
    const sku = world.products.sell(1_000);
    world.inventory.stock(sku, 1);
    const created = await createCart(hasty, customer, [{ sku, quantity: 1 }]);
    const hang = aHang();
    hasty.payments.onAuthorize = stopFirst('after', hang.released, () => undefined);
    const { errors, order } = await checkOut(hasty, customer, checkoutInput(created));
    expect(order).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'TIMEOUT' } }]);
    expect(await heldAndCharged()).toEqual({ reservations: 0, authorised: 0, orders: 0 });
    hang.release();
  });

  it('that does not let go at first is asked again later', async () => {
    const process = await world.startProcess();
    const sku = world.products.sell(1_000);
    world.inventory.stock(sku, 1);
    const created = await createCart(process, customer, [{ sku, quantity: 1 }]);
    process.payments.onVoid = () => {
      throw new Error('down');
    };
    await checkOut(process, customer, checkoutInput(created, { payment: { token: 'tok_timeout' } }));
    expect(await heldAndCharged()).toEqual({ reservations: 0, authorised: 1, orders: 0 });
    process.payments.onVoid = pass;
    world.clock.advance(LEASE_MS);
    await eventually(async () => expect(await heldAndCharged()).toEqual({ reservations: 0, authorised: 0, orders: 0 }));
  });
});
