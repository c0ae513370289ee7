import { type IdGenerator, inTransaction, type MongoConnection, type Result } from '@shopgraph/kit';
import type { StockLocation } from './location';
import type { LocationStore } from './location-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly locations: LocationStore;
  readonly ids: IdGenerator;
}

/** What a location is to be; without an id it is a new one. */
export interface LocationCommand {
  readonly id: string | null;
  readonly name: string;
  readonly countries: readonly string[];
  /** Refuse unless the location has this version. */
  readonly expectedVersion: number | null;
}

export type LocationProblem = { readonly kind: 'name-taken' } | { readonly kind: 'stale'; readonly version: number };

/** Keeps the places where stock lies. */
export class LocationService {
  constructor(private readonly deps: Dependencies) {}

  /** Adds a location, or changes the one that has the id; the same again changes nothing. */
  upsert({ id, expectedVersion, ...fields }: LocationCommand): Promise<Result<StockLocation, LocationProblem>> {
    const { connection, locations, ids } = this.deps;

    return inTransaction(connection, async (tx) => {
      const [current] = id === null ? [] : await locations.byIds([id], tx);
      const version = current?.version ?? 0;
      if (expectedVersion !== null && expectedVersion !== version) {
        return { ok: false, problems: [{ kind: 'stale', version }] };
      }
      const namesake = await locations.byName(fields.name, tx);
      if (namesake && namesake.id !== current?.id) return { ok: false, problems: [{ kind: 'name-taken' }] };

      const countries = [...new Set(fields.countries)].sort();
      const location = { id: id ?? ids.next('loc'), name: fields.name, countries, version: version + 1 };
      if (!current) await locations.add(location, tx);
      else if (isSame(current, location)) return { ok: true, value: current };
      else await locations.update(location, tx);
      return { ok: true, value: location };
    });
  }
}

function isSame(a: StockLocation, b: StockLocation): boolean {
  return a.name === b.name && a.countries.join() === b.countries.join();
}
