import { typeIds } from '@shopgraph/kit';
import { anonymous } from '@shopgraph/kit/testing';
import { DEFAULT_LOCATION_ID } from '../src/location/location';
import { aLevel, anItem } from './builders';
import { staff, startInventory } from './start-inventory';

let inventory: Awaited<ReturnType<typeof startInventory>>;
beforeAll(async () => {
  inventory = await startInventory();
});
afterAll(() => inventory.stop());

interface UpsertAnswer {
  location: { id: string; name: string; countries: string[]; version: number } | null;
  userErrors: { code: string; field: string[] }[];
}
const UPSERT = `mutation ($input: LocationUpsertInput!) {
  locationUpsert(input: $input) { location { id name countries version } userErrors { code field } }
}`;

async function upsert(input: object): Promise<UpsertAnswer> {
  const { data } = await inventory.send<{ locationUpsert: UpsertAnswer }>(staff, UPSERT, { input });
  return data.locationUpsert;
}

async function locations() {
  const { data } = await inventory.send<{ stockLocations: { edges: { node: { id: string; name: string } }[] } }>(
    staff,
    '{ stockLocations(first: 100) { edges { node { id name } } } }',
  );
  return data.stockLocations.edges.map(({ node }) => node);
}

describe('locations', () => {
  it('are one main warehouse from the start, also for the next replica', async () => {
    const replica = await startInventory({ replicaOf: inventory });
    await replica.stop();
    expect(await locations()).toEqual([{ id: DEFAULT_LOCATION_ID, name: 'Main warehouse' }]);
  });

  it('are added, changed, and listed by name', async () => {
    const { location } = await upsert({ name: ' Zürich ', countries: ['LI', 'CH', 'LI'] });
    expect(location).toMatchObject({ name: 'Zürich', countries: ['CH', 'LI'], version: 1 });
    const id = location!.id;
    expect(await upsert({ id, name: 'Altstetten' })).toMatchObject({
      location: { id, name: 'Altstetten', countries: [], version: 2 },
      userErrors: [],
    });
    expect((await locations()).map(({ name }) => name)).toEqual(['Altstetten', 'Main warehouse']);
  });

  it('keep an id that is given, and change nothing when the same comes again', async () => {
    const input = { id: typeIds.next('loc'), name: 'Lyon', countries: ['FR'] };
    for (const _repetition of [1, 2]) {
      expect(await upsert(input)).toMatchObject({ location: { ...input, version: 1 }, userErrors: [] });
    }
  });

  it('refuse the name of another one, and a version that is not the current one', async () => {
    const { location } = await upsert({ name: 'Oslo' });
    const conflict = (field: string) => ({
      location: null,
      userErrors: [{ code: 'CONFLICT', field: ['input', field] }],
    });
    expect(await upsert({ name: 'Oslo' })).toEqual(conflict('name'));
    expect(await upsert({ id: location!.id, name: 'Bergen', expectedVersion: 2 })).toEqual(conflict('expectedVersion'));
    expect(await upsert({ id: location!.id, name: 'Bergen', expectedVersion: 1 })).toMatchObject({ userErrors: [] });
  });

  it.each(['XX', 'de'])('refuse the country %s', async (country) => {
    const { errors } = await inventory.send(staff, UPSERT, { input: { name: 'Nowhere', countries: ['DE', country] } });
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['input', 'countries'] }] } },
    ]);
  });
});

describe('availability for a country', () => {
  it('counts only locations that deliver there, and costs one query per collection for a whole page', async () => {
    const swiss = (await upsert({ name: 'Swiss', countries: ['CH'] })).location!.id;
    const world = (await upsert({ name: 'World' })).location!.id;
    const items = Array.from({ length: 50 }, () =>
      anItem({
        backorderLimit: 1,
        levels: [aLevel({ locationId: swiss, onHand: 3 }), aLevel({ locationId: world, onHand: 2 })],
      }),
    );
    for (const item of items) await inventory.add(item);
    const representations = items.map(({ variantId }) => ({ __typename: 'ProductVariant', id: variantId }));

    inventory.commands.length = 0;
    const { data } = await inventory.send<{ _entities: object[] }>(
      anonymous,
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ProductVariant {
        ch: availability(country: "CH") { quantity backorderable }
        de: availability(country: "DE") { quantity backorderable }
        any: availability { quantity backorderable }
      } } }`,
      { representations },
    );

    expect(data._entities).toEqual(
      items.map(() => ({
        ch: { quantity: 5, backorderable: true },
        de: { quantity: 2, backorderable: false },
        any: { quantity: 5, backorderable: true },
      })),
    );
    // The background looks at other collections all the time.
    const read = inventory.commands.map(({ command }) => String(command.aggregate ?? command.find));
    expect(read.filter((collection) => collection.startsWith('stock')).sort()).toEqual([
      'stockItems',
      'stockLocations',
    ]);
  });

  it('refuses a country that does not exist', async () => {
    const { errors } = await inventory.send(
      anonymous,
      `{ _entities(representations: [{__typename: "ProductVariant", id: "var_1"}]) {
        ... on ProductVariant { availability(country: "XX") { inStock } }
      } }`,
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: ['country'] }] } }]);
  });
});
