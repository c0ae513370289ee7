import { aLevel, anItem } from './builders';
import { ADJUST, newKey } from './requests';
import { staff, startInventory } from './start-inventory';

let inventory: Awaited<ReturnType<typeof startInventory>>;
beforeAll(async () => {
  inventory = await startInventory();
});
afterAll(() => inventory.stop());

const worker = (id: string) => ({ ...staff, id });
const ask = (kind: 'export' | 'anonymisation', id: string) => inventory.users.ask(inventory.bus, kind, id);

/** Somebody receives units, and says so under a key. */
async function receive(id: string, sku: string, delta: number) {
  const input = { sku, delta, reason: 'RECEIVED', reference: 'delivery 7', idempotencyKey: newKey() };
  await inventory.send(worker(id), ADJUST, { input });
  return input;
}

describe('what inventory holds of people', () => {
  it('are the movements that they made, and the keys of their requests, of nobody else', async () => {
    const { sku } = await added();
    const { idempotencyKey } = await receive('user_worker', sku, 5);
    await receive('user_other', sku, 7);
    expect(JSON.parse(await ask('export', 'user_worker'))).toEqual({
      stockMovements: [
        {
          ...{ at: inventory.clock.now().toISOString(), sku, reason: 'RECEIVED', reference: 'delivery 7' },
          ...{ onHandDelta: 5, allocatedDelta: 0, reservedDelta: 0 },
        },
      ],
      requestKeys: [idempotencyKey],
    });
  });

  it('is forgotten as far as stock is not their sum', async () => {
    const { sku } = await added();
    await receive('user_leaver', sku, 5);
    expect(await ask('anonymisation', 'user_leaver')).toBe('');
    expect(JSON.parse(await ask('export', 'user_leaver'))).toMatchObject({
      stockMovements: [{ onHandDelta: 5 }],
      requestKeys: [],
    });
    expect(await inventory.levelsOf(sku)).toMatchObject([{ onHand: 10 }, { onHand: 5 }]);
  });

  async function added() {
    const item = anItem({ levels: [aLevel({ onHand: 10 })] });
    await inventory.add(item);
    return item;
  }
});
