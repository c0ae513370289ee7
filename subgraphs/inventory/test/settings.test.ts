import { typeIds } from '@shopgraph/kit';
import { DEFAULT_LOCATION_ID } from '../src/location/location';
import { aLevel, anItem } from './builders';
import { newKey, requestsTo } from './requests';
import { staff, startInventory } from './start-inventory';

let inventory: Awaited<ReturnType<typeof startInventory>>;
beforeAll(async () => {
  inventory = await startInventory();
});
afterAll(() => inventory.stop());

const { adjust, reserve } = requestsTo(() => inventory);

interface Answer {
  readonly item?: object | null;
  readonly level?: object | null;
  readonly from?: object | null;
  readonly to?: object | null;
  readonly userErrors: readonly object[];
}

async function mutate(mutation: string, type: string, result: string, input: object): Promise<Answer> {
  const query = `mutation ($input: ${type}!) { answer: ${mutation}(input: $input) {
    ${result} userErrors { code field ... on InsufficientStockError { requested available } }
  } }`;
  const { data, errors } = await inventory.send<{ answer: Answer }>(staff, query, { input });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.answer;
}

const updateItem = (input: object) =>
  mutate('inventoryItemUpdate', 'InventoryItemUpdateInput', 'item { tracked backorderLimit }', input);
const setThreshold = (input: object) =>
  mutate('stockThresholdSet', 'StockThresholdSetInput', 'level { lowStockThreshold version }', input);
const transfer = (input: object) =>
  mutate('stockTransfer', 'StockTransferInput', 'from { onHand available } to { onHand available }', {
    idempotencyKey: newKey(),
    ...input,
  });

describe('inventoryItemUpdate', () => {
  it('changes what is named and leaves the rest', async () => {
    const item = anItem({ levels: [aLevel({ onHand: 0 })] });
    await inventory.add(item);
    const { sku } = item;
    expect(await updateItem({ sku, backorderLimit: 3 })).toEqual({
      item: { tracked: true, backorderLimit: 3 },
      userErrors: [],
    });
    expect(await reserve([{ sku, quantity: 3 }])).toMatchObject({ reservation: { status: 'ACTIVE' } });
    expect(await reserve([{ sku, quantity: 1 }])).toMatchObject({ reservation: null });
    expect(await updateItem({ sku, tracked: false })).toMatchObject({ item: { tracked: false, backorderLimit: 3 } });
    expect(await reserve([{ sku, quantity: 1_000 }])).toMatchObject({ reservation: { status: 'ACTIVE' } });
  });

  it('refuses a limit below what is sold already', async () => {
    const item = anItem({ backorderLimit: 5, levels: [aLevel({ onHand: 0, allocated: 4 })] });
    await inventory.add(item);
    expect(await updateItem({ sku: item.sku, backorderLimit: 3 })).toEqual({
      item: null,
      userErrors: [{ code: 'CONFLICT', field: ['input', 'backorderLimit'] }],
    });
    expect(await updateItem({ sku: item.sku, backorderLimit: 4 })).toMatchObject({ userErrors: [] });
  });

  it('never lets a lower limit and a reservation that needs the old one both through', async () => {
    const replica = await startInventory({ replicaOf: inventory });
    const items = Array.from({ length: 10 }, () => anItem({ backorderLimit: 5, levels: [aLevel({ onHand: 0 })] }));
    for (const item of items) await inventory.add(item);
    const other = requestsTo(() => replica);
    await Promise.all(
      items.flatMap(({ sku }) => [updateItem({ sku, backorderLimit: 0 }), other.reserve([{ sku, quantity: 5 }])]),
    );
    await replica.stop();

    for (const { sku } of items) {
      const stored = await inventory.collection('stockItems').findOne({ sku });
      const [level] = await inventory.levelsOf(sku);
      expect(level!.available).toBeGreaterThanOrEqual(
        -(stored as unknown as { backorderLimit: number }).backorderLimit,
      );
    }
  });

  it('says that there is no such item', async () => {
    expect(await updateItem({ sku: 'NONE', tracked: true })).toMatchObject({
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'sku'] }],
    });
  });
});

describe('stockThresholdSet', () => {
  it('makes a level low or not low at once, and changes nothing when repeated', async () => {
    const item = anItem({ levels: [aLevel({ onHand: 5 })] });
    await inventory.add(item);
    const address = { sku: item.sku, locationId: item.levels[0]?.locationId };
    for (const [lowStockThreshold, isLow, version] of [
      [5, true, 2],
      [5, true, 2],
      [4, false, 3],
    ] as const) {
      expect(await setThreshold({ ...address, lowStockThreshold })).toEqual({
        level: { lowStockThreshold, version },
        userErrors: [],
      });
      expect(await inventory.levelsOf(item.sku)).toMatchObject([{ lowStockThreshold, isLow, version }]);
    }
  });

  it('is about the default location unless another one is named', async () => {
    const { sku } = anItem();
    await inventory.add(anItem({ sku, levels: [] }));
    for (const [location, lowStockThreshold] of [
      [{}, 3],
      [{ locationId: null }, 4],
    ] as const) {
      expect(await setThreshold({ sku, ...location, lowStockThreshold })).toMatchObject({ userErrors: [] });
      expect(await inventory.levelsOf(sku)).toMatchObject([{ locationId: DEFAULT_LOCATION_ID, lowStockThreshold }]);
    }
  });

  it('says that there is no such location', async () => {
    const item = anItem();
    await inventory.add(item);
    const locationId = typeIds.next('loc');
    expect(await setThreshold({ sku: item.sku, locationId, lowStockThreshold: 1 })).toMatchObject({
      level: null,
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'locationId'] }],
    });
  });
});

describe('stockTransfer', () => {
  async function givenStock(onHand: number, reserved = 0) {
    const item = anItem({ levels: [aLevel({ onHand, reserved })] });
    await inventory.add(item);
    const toLocationId = typeIds.next('loc');
    const location = { _id: toLocationId, name: toLocationId, countries: [], version: 1 };
    await inventory.collection('stockLocations').insertOne(location);
    return { sku: item.sku, fromLocationId: item.levels[0]!.locationId, toLocationId };
  }

  it('moves units once, into a level that it opens, and keeps both movements', async () => {
    const input = { ...(await givenStock(10)), quantity: 4, reference: 'truck 7', idempotencyKey: newKey() };
    for (const _repetition of [1, 2]) {
      expect(await transfer(input)).toEqual({
        from: { onHand: 6, available: 6 },
        to: { onHand: 4, available: 4 },
        userErrors: [],
      });
    }
    const movements = await inventory.collection('stockMovements').find({ sku: input.sku }).toArray();
    expect(movements).toHaveLength(2);
    expect(movements).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ locationId: input.fromLocationId, onHandDelta: -4, reason: 'TRANSFERRED' }),
        expect.objectContaining({ locationId: input.toLocationId, onHandDelta: 4, reference: 'truck 7' }),
      ]),
    );
  });

  it('moves only what nobody has a claim on', async () => {
    const stock = await givenStock(10, 7);
    expect(await transfer({ ...stock, quantity: 4 })).toEqual({
      from: null,
      to: null,
      userErrors: [{ code: 'INSUFFICIENT_STOCK', field: ['input', 'quantity'], requested: 4, available: 3 }],
    });
    expect(await inventory.levelsOf(stock.sku)).toHaveLength(1);
  });

  it('keeps the sum when units go to and fro at once', async () => {
    const stock = await givenStock(10);
    const { sku, fromLocationId, toLocationId } = stock;
    await adjust({ sku, locationId: toLocationId, delta: 10 });
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        transfer(
          index % 2 === 0
            ? { ...stock, quantity: 3 }
            : { sku, fromLocationId: toLocationId, toLocationId: fromLocationId, quantity: 2 },
        ),
      ),
    );
    const levels = await inventory.levelsOf(sku);
    expect(levels.reduce((sum, { onHand }) => sum + onHand, 0)).toBe(20);
    expect(levels.every(({ available }) => available >= 0)).toBe(true);
  });

  it.each([
    ['sku', { sku: 'NONE' }, 'NOT_FOUND'],
    ['toLocationId', { toLocationId: typeIds.next('loc') }, 'NOT_FOUND'],
    ['fromLocationId', { fromLocationId: typeIds.next('loc') }, 'NOT_FOUND'],
  ])('says that there is no such %s', async (field, overrides, code) => {
    const stock = await givenStock(10);
    expect(await transfer({ ...stock, quantity: 1, ...overrides })).toMatchObject({
      userErrors: [{ code, field: ['input', field] }],
    });
  });

  it('refuses to move units to where they are', async () => {
    const stock = await givenStock(10);
    expect(await transfer({ ...stock, toLocationId: stock.fromLocationId, quantity: 1 })).toMatchObject({
      userErrors: [{ code: 'BAD_USER_INPUT', field: ['input', 'toLocationId'] }],
    });
  });
});
