import { redisGroup } from '@shopgraph/kit';
import { z } from 'zod';
import { count, countOrNone, milliseconds } from './config-values';

/** What is cached, and for how long at the most. */
export const cachesGroup = z.object({
  ENTITY_CACHE: z
    .enum(['on', 'off'])
    .default('on')
    .describe('Whether what subgraphs say may be kept is kept in Redis, entity by entity.'),
  RESPONSE_CACHE: z
    .enum(['on', 'off'])
    .default('on')
    .describe('Whether whole answers are kept in Redis of which every part may be.'),
  CACHE_REDIS_URL: redisGroup.shape.REDIS_URL.describe(
    'Redis of the caches, which may evict what it likes by `volatile-ttl`; without it they are at REDIS_URL.',
  ),
  CACHE_MAX_AGE_SECONDS: count
    .default(60 * 60)
    .describe('Seconds for which anything is kept at the most, whatever subgraphs say.'),
  CACHE_MAX_VALUE_KIB: count
    .default(256)
    .describe('Size, about, of an entity or answer that is kept at the most, in KiB.'),
  CACHE_NEAR_MIB: countOrNone
    .default(64)
    .describe('Memory, about, for copies of entries in this process, which need no way to Redis, in MiB; 0 for none.'),
  CACHE_TIMEOUT_MS: milliseconds
    .default(20)
    .describe('Milliseconds for which a request waits for the cache; then it goes on without for a second.'),
});

/** Of both caches. */
export type CachesConfig = z.output<typeof cachesGroup>;
