import type { CachePolicy } from './answer-headers';

type Hint = Parameters<CachePolicy['restrict']>[0];

/** The policy of a part of an answer: how long it may be kept alone. */
export class PartPolicy implements CachePolicy {
  maxAge?: number;
  scope?: 'PUBLIC' | 'PRIVATE';

  restrict({ maxAge, scope }: Hint): void {
    if (maxAge !== undefined) this.maxAge = Math.min(maxAge, this.maxAge ?? maxAge);
    if (scope !== undefined && this.scope !== 'PRIVATE') this.scope = scope;
  }

  replace({ maxAge, scope }: Hint): void {
    if (maxAge !== undefined) this.maxAge = maxAge;
    if (scope !== undefined) this.scope = scope;
  }

  policyIfCacheable(): ReturnType<CachePolicy['policyIfCacheable']> {
    const { maxAge, scope = 'PUBLIC' } = this;
    return maxAge === undefined || maxAge === 0 ? null : { maxAge, scope };
  }
}
