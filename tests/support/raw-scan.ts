import { connectTestRedis } from '@shopgraph/kit/testing';
import type { TestShop } from './start-test-shop';

const SERVICES = ['users', 'products', 'inventory', 'orders'] as const;

/**
 * Where any of these texts stands, in whatever case: in every document of every collection of every database of a
 * shop (`orders.carts cart_01…`), and in every key and value of Redis (`redis session:…`). Sorted.
 */
export async function rawScan(shop: TestShop, texts: readonly string[]): Promise<string[]> {
  const wanted = texts.map((text) => text.toLowerCase());
  const holds = (value: unknown) => {
    const text = JSON.stringify(value).toLowerCase();
    return wanted.some((word) => text.includes(word));
  };
  const found = await Promise.all([...SERVICES.map((service) => scanDatabase(shop, service, holds)), scanRedis(holds)]);
  return found.flat().sort();
}

async function scanDatabase(shop: TestShop, service: (typeof SERVICES)[number], holds: (value: unknown) => boolean) {
  const connection = await shop.database(service);
  const places: string[] = [];
  for (const { name } of (await connection.db?.listCollections().toArray()) ?? []) {
    for await (const document of connection.collection(name).find()) {
      if (holds(document)) places.push(`${service}.${name} ${String(document._id)}`);
    }
  }
  await connection.close();
  return places;
}

async function scanRedis(holds: (value: unknown) => boolean): Promise<string[]> {
  const redis = await connectTestRedis();
  const places: string[] = [];
  for (const key of await redis.keys('*')) {
    // Values that are no strings count by their key alone.
    const value = (await redis.type(key)) === 'string' ? await redis.get(key) : null;
    if (holds([key, value])) places.push(`redis ${key}`);
  }
  redis.disconnect();
  return places;
}
