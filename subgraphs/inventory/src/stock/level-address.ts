/** Names a level as people do. */
export interface LevelAddress {
  readonly sku: string;
  readonly locationId: string;
}

/** Why there can be no level at an address. */
export type AddressProblem = { readonly kind: 'unknown-sku' } | { readonly kind: 'unknown-location' };
