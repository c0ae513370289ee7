import { anItem, aLevel } from './builders';
import { requestsTo } from './requests';
import { staff, startInventory } from './start-inventory';

let inventory: Awaited<ReturnType<typeof startInventory>>;
beforeAll(async () => {
  inventory = await startInventory();
});
afterAll(() => inventory.stop());

const { adjust, commit, release, reserve } = requestsTo(() => inventory);

interface Movement {
  onHandDelta: number;
  allocatedDelta: number;
  reservedDelta: number;
  reason: string;
  reference: string | null;
  actor: string;
}

const MOVEMENTS = `query ($sku: String!, $first: Int, $after: String) { inventoryItem(sku: $sku) {
  movements(first: $first, after: $after) {
    edges { node { onHandDelta allocatedDelta reservedDelta reason reference actor location { name } } }
    pageInfo { hasNextPage endCursor }
  }
} }`;

async function movementsOf(sku: string, page = {}) {
  const { data } = await inventory.send<{
    inventoryItem: {
      movements: { edges: { node: Movement }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    };
  }>(staff, MOVEMENTS, { sku, ...page });
  const { edges, pageInfo } = data.inventoryItem.movements;
  return { nodes: edges.map(({ node }) => node), pageInfo };
}

const lowSkus = async () => {
  const { data } = await inventory.send<{ lowStock: { edges: { node: { id: string } }[] } }>(
    staff,
    '{ lowStock(first: 100) { edges { node { id } } } }',
  );
  return data.lowStock.edges.map(({ node }) => node.id);
};

describe('the movements of an item', () => {
  it('tell newest first by how many units it changed, why, for what, and by whom', async () => {
    const item = anItem({ levels: [] });
    await inventory.add(item);
    const { sku } = item;
    const step = async <Value>(change: Promise<Value>): Promise<Value> => {
      const value = await change;
      inventory.clock.advance(1_000);
      return value;
    };
    await step(adjust({ sku, delta: 7, reference: 'note 1' }));
    const first = (await step(reserve([{ sku, quantity: 2 }]))).reservation!.id;
    await step(release(first));
    const second = (await step(reserve([{ sku, quantity: 3 }]))).reservation!.id;
    await step(commit(second));

    const none = { onHandDelta: 0, allocatedDelta: 0, reservedDelta: 0, location: { name: 'Main warehouse' } };
    const byOrders = { ...none, actor: 'service:orders' };
    const expected = [
      { ...byOrders, allocatedDelta: 3, reservedDelta: -3, reason: 'COMMITTED', reference: second },
      { ...byOrders, reservedDelta: 3, reason: 'RESERVED', reference: second },
      { ...byOrders, reservedDelta: -2, reason: 'RELEASED', reference: first },
      { ...byOrders, reservedDelta: 2, reason: 'RESERVED', reference: first },
      { ...none, onHandDelta: 7, reason: 'RECEIVED', reference: 'note 1', actor: 'user_2' },
    ];
    const firstPage = await movementsOf(sku, { first: 3 });
    const lastPage = await movementsOf(sku, { first: 3, after: firstPage.pageInfo.endCursor });
    expect([...firstPage.nodes, ...lastPage.nodes]).toEqual(expected);
    expect([firstPage, lastPage].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, false]);
  });

  it('hold nothing about what was refused', async () => {
    const item = anItem();
    await inventory.add(item);
    await reserve([{ sku: item.sku, quantity: 11 }]);
    expect((await movementsOf(item.sku)).nodes).toEqual([]);
  });
});

describe('low stock', () => {
  it('holds a level from the reservation that makes it low until its stock is back', async () => {
    const item = anItem({ levels: [aLevel({ lowStockThreshold: 6 })] });
    await inventory.add(item);
    const { id, locationId } = item.levels[0]!;
    expect(await lowSkus()).not.toContain(id);

    const { reservation } = await reserve([{ sku: item.sku, quantity: 4 }]);
    expect(await lowSkus()).toContain(id);
    await release(reservation!.id);
    expect(await lowSkus()).not.toContain(id);

    await adjust({ sku: item.sku, locationId, delta: -5, reason: 'DAMAGED' });
    expect(await lowSkus()).toContain(id);
    await adjust({ sku: item.sku, locationId, delta: 5 });
    expect(await lowSkus()).not.toContain(id);
  });
});

describe('reconciling', () => {
  const RECONCILE = `query ($sku: String!) {
    reconcile(sku: $sku) { level { id } figure stored expected source }
  }`;

  it('finds nothing about stock that has only changed by mutations', async () => {
    const item = anItem({ levels: [] });
    await inventory.add(item);
    await adjust({ sku: item.sku, delta: 7 });
    await reserve([{ sku: item.sku, quantity: 2 }]);
    await commit((await reserve([{ sku: item.sku, quantity: 3 }])).reservation!.id);
    const { data } = await inventory.send(staff, RECONCILE, { sku: item.sku });
    expect(data).toEqual({ reconcile: [] });
  });

  it('finds what was changed behind the back of the movements', async () => {
    const item = anItem({ levels: [] });
    await inventory.add(item);
    await adjust({ sku: item.sku, delta: 7 });
    const { reservation } = await reserve([{ sku: item.sku, quantity: 2 }]);
    const [level] = await inventory.levelsOf(item.sku);
    await inventory.collection('stockLevels').updateOne({ _id: level!.id }, { $set: { onHand: 8, available: 6 } });
    await inventory.collection('reservations').deleteOne({ _id: reservation!.id });

    const { data } = await inventory.send(staff, RECONCILE, { sku: item.sku });

    const at = { level: { id: level!.id } };
    expect(data).toEqual({
      reconcile: [
        { ...at, figure: 'ON_HAND', stored: 8, expected: 7, source: 'MOVEMENTS' },
        { ...at, figure: 'RESERVED', stored: 2, expected: 0, source: 'ACTIVE_RESERVATIONS' },
      ],
    });
  });
});
