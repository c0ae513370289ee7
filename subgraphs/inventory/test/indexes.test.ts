import { typeIds } from '@shopgraph/kit';
import { eventually, expectIndexed, unaskedFields } from '@shopgraph/kit/testing';
import { inventorySchema } from '../src';
import { aLevel, anItem } from './builders';
import { newKey, requestsTo } from './requests';
import { staff, startInventory } from './start-inventory';

let inventory: Awaited<ReturnType<typeof startInventory>>;
beforeAll(async () => {
  inventory = await startInventory({ sweepMs: 20 });
});
afterAll(() => inventory.stop());

const { adjust, commit, release, reservation, reserve, set } = requestsTo(() => inventory);

describe('the database', () => {
  it('answers everything that the subgraph asks from an index', async () => {
    const item = anItem({ levels: [aLevel(), aLevel()] });
    await inventory.add(item);
    const { sku, id, variantId } = item;
    const lines = [{ sku, quantity: 1 }];
    inventory.commands.length = 0;

    await adjust({ sku, delta: 5 });
    await set({ sku, quantity: 9 });
    await release((await reserve(lines)).reservation!.id);
    await commit((await reserve(lines)).reservation!.id);
    const expiring = (await reserve(lines, { ttlSeconds: 1 })).reservation!.id;
    inventory.clock.advance(1_000);
    await eventually(async () => expect(await reservation(expiring)).toMatchObject({ status: 'EXPIRED' }));

    const newVariant = { variantId: typeIds.next('var'), sku: 'INDEXED' };
    await inventory.publish('products.variant-created', newVariant.variantId, newVariant);
    const order = { orderId: typeIds.next('ord'), reservationId: (await reserve(lines)).reservation!.id };
    await inventory.publish('orders.order-placed', order.orderId, order);
    await inventory.publish('orders.order-cancelled', order.orderId, { ...order, restock: true, lines });

    const representations = [
      { __typename: 'ProductVariant', id: variantId },
      { __typename: 'InventoryItem', id },
      { __typename: 'InventoryItem', sku },
    ];
    const { errors } = await inventory.send(
      staff,
      `query ($representations: [_Any!]!, $sku: String!) {
        _entities(representations: $representations) {
          ... on ProductVariant { availability(country: "DE") { quantity } }
          ... on InventoryItem {
            levels(first: 1) { edges { node { location { name } } } pageInfo { endCursor } }
            movements(last: 1) { edges { node { location { name } } } }
          }
        }
        inventoryItem(sku: $sku) { id }
        reconcile(sku: $sku) { figure }
      }`,
      { representations, sku },
    );
    expect(errors).toBeUndefined();
    const upsert = 'mutation ($input: LocationUpsertInput!) { locationUpsert(input: $input) { location { id } } }';
    const { data } = await inventory.send<{ locationUpsert: { location: { id: string } } }>(staff, upsert, {
      input: { name: 'Indexed' },
    });
    await inventory.send(staff, upsert, { input: { id: data.locationUpsert.location.id, name: 'Still indexed' } });

    const transfer = { sku, fromLocationId: item.levels[0]?.locationId, toLocationId: data.locationUpsert.location.id };
    const moved = await inventory.send<{ stockTransfer: { userErrors: object[] } }>(
      staff,
      'mutation ($input: StockTransferInput!) { stockTransfer(input: $input) { userErrors { code } } }',
      { input: { ...transfer, quantity: 1, idempotencyKey: newKey() } },
    );
    expect(moved.data.stockTransfer.userErrors).toEqual([]);

    await inventory.send(
      staff,
      'mutation ($sku: String!) { inventoryItemUpdate(input: {sku: $sku, backorderLimit: 2}) { item { id } } }',
      { sku },
    );
    await inventory.send(
      staff,
      'mutation ($sku: String!) { stockThresholdSet(input: {sku: $sku, lowStockThreshold: 1000}) { level { id } } }',
      { sku },
    );

    for (const kind of ['export', 'anonymisation'] as const) await inventory.users.ask(inventory.bus, kind, 'user_2');

    for (const list of ['lowStock', 'stockLocations']) await readBothWays((page) => `{ list: ${list}${page} }`);
    for (const list of ['levels', 'movements']) {
      await readBothWays((page) => `{ inventoryItem(sku: "${sku}") { list: ${list}${page} } }`);
    }

    expect(unaskedFields(inventorySchema(), inventory.send.queries)).toEqual([]);
    // A page of all locations is the whole collection, by the index of its order.
    await expectIndexed(inventory.connection, inventory.commands);
  });

  /** Two pages from the start and two from the end of what `query` calls `list`. */
  async function readBothWays(query: (page: string) => string): Promise<void> {
    interface List {
      readonly pageInfo: { readonly startCursor: string | null; readonly endCursor: string | null };
    }
    const read = async (args: string): Promise<List['pageInfo']> => {
      const page = `(${args}) { edges { node { __typename } } pageInfo { startCursor endCursor } }`;
      const { data, errors } = await inventory.send<{ list?: List; inventoryItem?: { list: List } }>(
        staff,
        query(page),
      );
      expect(errors).toBeUndefined();
      return (data.inventoryItem?.list ?? data.list)!.pageInfo;
    };
    const [{ endCursor }, { startCursor }] = [await read('first: 1'), await read('last: 1')];
    await read(`first: 1, after: "${endCursor}"`);
    await read(`last: 1, before: "${startCursor}"`);
  }
});
