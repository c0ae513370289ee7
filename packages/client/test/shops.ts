import { startScriptedShop } from './scripted-shop';

type Shop = Awaited<ReturnType<typeof startScriptedShop>>;

/** Starts scripted shops for one test file, and stops them after each of its tests. */
export function scriptedShops(): typeof startScriptedShop {
  const started: Shop[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((shop) => shop.stop()));
  });
  return async (...script) => {
    const shop = await startScriptedShop(...script);
    started.push(shop);
    return shop;
  };
}
