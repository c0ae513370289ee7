import { type Connection, DomainError, PageArgs, PageSized, payloadOf, Tag } from '@shopgraph/kit';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { InventoryContext } from '../context';
import { StockLevel, StockMovement } from '../stock/types';
import { LocationUpsertInput } from './inputs';
import type { StockLocation as Location } from './location';
import { LocationPayload, StockLocation, StockLocationConnection } from './types';
import { locationError } from './user-errors';

/** What stands at a location. */
interface Located {
  readonly locationId: string;
}

@Resolver()
export class LocationResolver {
  @PageSized()
  @Tag('internal')
  @Query(() => StockLocationConnection, { description: 'The places where stock lies, by name.' })
  stockLocations(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { locations }: InventoryContext,
  ): Promise<Connection<Location>> {
    return locations.page(page);
  }

  @Tag('internal')
  @Mutation(() => LocationPayload, { description: 'Adds or changes a location.' })
  async locationUpsert(
    @Arg('input', () => LocationUpsertInput, { description: 'The location as it is to be.' })
    { id = null, expectedVersion = null, ...input }: LocationUpsertInput,
    @Ctx() { locationService }: InventoryContext,
  ) {
    return payloadOf('location', await locationService.upsert({ ...input, id, expectedVersion }), locationError);
  }
}

@Resolver(() => StockLevel)
export class LevelLocationResolver {
  @FieldResolver(() => StockLocation, { description: 'Where the units are.' })
  location(@Root() level: Located, @Ctx() context: InventoryContext): Promise<Location> {
    return locationOf(level, context);
  }
}

@Resolver(() => StockMovement)
export class MovementLocationResolver {
  @FieldResolver(() => StockLocation, { description: 'Where the units moved.' })
  location(@Root() movement: Located, @Ctx() context: InventoryContext): Promise<Location> {
    return locationOf(movement, context);
  }
}

async function locationOf({ locationId }: Located, { loaders }: InventoryContext): Promise<Location> {
  const location = await loaders.locationById.load(locationId);
  if (!location) throw new DomainError('INTERNAL');
  return location;
}
