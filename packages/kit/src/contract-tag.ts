import { Directive } from 'type-graphql';

/** For whom something of the graph is that is not for everybody: programs of partners, or the shop's own staff. */
export type ContractTag = 'partner' | 'internal';

/**
 * Marks a type, field or argument as `@tag` does (https://specs.apollo.dev/tag/v0.3/): the contracts of others, composed
 * by `npm run schema`, leave it out. What has no tag is for everybody. It hides; what protects are permissions.
 */
export function Tag(name: ContractTag): ReturnType<typeof Directive> {
  return Directive(`@tag(name: "${name}")`);
}
