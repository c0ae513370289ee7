import { PlanCache } from '../src/plan-cache';

describe('the cache of query plans', () => {
  it('keeps those that were used last, and says what it had', async () => {
    const lookups: boolean[] = [];
    const cache = new PlanCache(2, (isHit) => void lookups.push(isHit));
    await cache.set('a', { kind: 'QueryPlan' });
    await cache.set('b', { kind: 'QueryPlan' });
    await cache.get('a');
    await cache.set('c', { kind: 'QueryPlan' });

    expect(await cache.get('b')).toBeUndefined();
    expect(await cache.get('a')).toEqual({ kind: 'QueryPlan' });
    expect(await cache.get('c')).toEqual({ kind: 'QueryPlan' });
    expect(lookups).toEqual([true, false, true, true]);
  });
});
