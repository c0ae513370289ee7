/** The location that shops with one location never have to name. */
export const DEFAULT_LOCATION_ID = 'loc_00000000000000000000000000';

/** Where stock lies. */
export interface StockLocation {
  readonly id: string;
  /** Unique. */
  readonly name: string;
  /** ISO 3166-1 alpha-2 codes of where it delivers; empty for everywhere. */
  readonly countries: readonly string[];
  readonly version: number;
}

/** The location that every shop has from the start. */
export const DEFAULT_LOCATION: StockLocation = {
  id: DEFAULT_LOCATION_ID,
  name: 'Main warehouse',
  countries: [],
  version: 1,
};

/** Whether a location delivers to a country. */
export function deliversTo({ countries }: StockLocation, country: string): boolean {
  return countries.length === 0 || countries.includes(country);
}
