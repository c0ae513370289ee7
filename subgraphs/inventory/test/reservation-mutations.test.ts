import { aLevel, anItem } from './builders';
import { newKey, requestsTo, RESERVE } from './requests';
import { orders, startInventory } from './start-inventory';

let inventory: Awaited<ReturnType<typeof startInventory>>;
beforeAll(async () => {
  inventory = await startInventory();
});
afterAll(() => inventory.stop());

const { reserve, release, commit } = requestsTo(() => inventory);

async function levelOf({ sku }: { sku: string }) {
  return (await inventory.levelsOf(sku))[0];
}

const storedEvents = (filter: object) => inventory.collection('outbox').find(filter).toArray();

describe('reservationCreate', () => {
  it('gives the last unit to exactly one of 50 simultaneous requests', async () => {
    const item = anItem({ levels: [aLevel({ onHand: 1 })] });
    await inventory.add(item);

    const answers = await Promise.all(Array.from({ length: 50 }, () => reserve([{ sku: item.sku, quantity: 1 }])));

    const won = answers.filter(({ reservation }) => reservation !== null);
    const lost = answers.flatMap(({ userErrors }) => userErrors);
    expect(won).toHaveLength(1);
    expect(lost).toHaveLength(49);
    expect(lost).toEqual(
      lost.map(() => expect.objectContaining({ __typename: 'InsufficientStockError', requested: 1, available: 0 })),
    );
    expect(await levelOf(item)).toMatchObject({ onHand: 1, reserved: 1, available: 0 });
    expect(await storedEvents({ aggregateId: won[0]?.reservation?.id })).toMatchObject([
      { type: 'inventory.reservation-created', sequence: 1, actor: 'service:orders' },
    ]);
  });

  it('reserves nothing when one line cannot be had, and names that line', async () => {
    const item = anItem();
    await inventory.add(item);
    const { reservation, userErrors } = await reserve([
      { sku: item.sku, quantity: 1 },
      { sku: 'NONE', quantity: 1 },
    ]);
    expect(reservation).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'lines', '1', 'sku'] }]);
    expect(await levelOf(item)).toMatchObject({ reserved: 0 });
  });

  it('has one effect when the same request arrives ten times at once', async () => {
    const item = anItem();
    await inventory.add(item);
    const key = newKey();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => reserve([{ sku: item.sku, quantity: 2 }], { idempotencyKey: key })),
    );
    expect(new Set(answers.map(({ reservation }) => reservation?.id)).size).toBe(1);
    expect(await levelOf(item)).toMatchObject({ reserved: 2 });
  });

  it('refuses a known idempotency key with another input', async () => {
    const item = anItem();
    await inventory.add(item);
    const key = newKey();
    await reserve([{ sku: item.sku, quantity: 1 }], { idempotencyKey: key });
    const input = { ownerReference: 'cart_1', lines: [{ sku: item.sku, quantity: 2 }], idempotencyKey: key };
    const { errors } = await inventory.send(orders, RESERVE, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_KEY_MISMATCH' } }]);
  });

  it('trims what it is given and names the path of every field that is still bad', async () => {
    const input = {
      ownerReference: '   ',
      lines: [
        { sku: 'A', quantity: 1 },
        { sku: ' B ', quantity: 0 },
      ],
      idempotencyKey: newKey(),
    };
    const { errors } = await inventory.send(orders, RESERVE, { input });
    expect(errors).toMatchObject([
      {
        message: 'The input is not valid.',
        extensions: {
          code: 'BAD_USER_INPUT',
          fields: [
            {
              path: ['input', 'ownerReference'],
              message: 'ownerReference must be longer than or equal to 1 characters',
            },
            { path: ['input', 'lines', '1', 'quantity'], message: 'quantity must not be less than 1' },
          ],
        },
      },
    ]);
  });

  it('takes two spellings of one SKU for the same SKU', async () => {
    const input = {
      ownerReference: 'cart_1',
      lines: [
        { sku: 'A', quantity: 1 },
        { sku: ' A ', quantity: 1 },
      ],
      idempotencyKey: newKey(),
    };
    const { errors } = await inventory.send(orders, RESERVE, { input });
    expect(errors).toMatchObject([{ extensions: { fields: [{ path: ['input', 'lines'] }] } }]);
  });
});

describe.each([
  ['reservationRelease', release, 'RELEASED', { reserved: 0, allocated: 0, available: 10 }],
  ['reservationCommit', commit, 'COMMITTED', { reserved: 0, allocated: 4, available: 6 }],
])('%s', (_mutation, end, status, level) => {
  it('has its effect once, however often it is repeated', async () => {
    const item = anItem();
    await inventory.add(item);
    const { reservation } = await reserve([{ sku: item.sku, quantity: 4 }]);
    const id = reservation!.id;

    for (const _repetition of [1, 2]) {
      expect(await end(id)).toEqual({ reservation: { id, status, orderId: null }, userErrors: [] });
      expect(await levelOf(item)).toMatchObject({ onHand: 10, ...level });
    }
    expect(await storedEvents({ aggregateId: id })).toHaveLength(2);
  });

  it('has one effect when it arrives ten times at once', async () => {
    const item = anItem();
    await inventory.add(item);
    const { reservation } = await reserve([{ sku: item.sku, quantity: 4 }]);
    const answers = await Promise.all(Array.from({ length: 10 }, () => end(reservation!.id)));
    expect(answers.map((answer) => answer.reservation?.status)).toEqual(Array(10).fill(status));
    expect(await levelOf(item)).toMatchObject(level);
  });

  it('says that there is no such reservation', async () => {
    expect(await end('rsv_none')).toMatchObject({
      reservation: null,
      userErrors: [{ code: 'NOT_FOUND', field: ['id'] }],
    });
  });
});

describe('a reservation that has ended', () => {
  it.each([
    ['committed', commit, release],
    ['released', release, commit],
  ])('as %s does not end otherwise', async (_how, first, second) => {
    const item = anItem();
    await inventory.add(item);
    const { reservation } = await reserve([{ sku: item.sku, quantity: 4 }]);
    await first(reservation!.id);
    const before = await levelOf(item);
    expect(await second(reservation!.id)).toMatchObject({
      reservation: null,
      userErrors: [{ code: 'CONFLICT', field: ['id'] }],
    });
    expect(await levelOf(item)).toEqual(before);
  });

  it('is released or committed, not both, when both arrive at once', async () => {
    const item = anItem();
    await inventory.add(item);
    const { reservation } = await reserve([{ sku: item.sku, quantity: 4 }]);
    const answers = await Promise.all([release(reservation!.id), commit(reservation!.id)]);
    expect(answers.filter((answer) => answer.reservation)).toHaveLength(1);
    const level = await levelOf(item);
    expect([level?.allocated, level?.available]).toEqual(answers[0].reservation ? [0, 10] : [4, 6]);
  });
});
