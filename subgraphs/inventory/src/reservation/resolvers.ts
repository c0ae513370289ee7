import { payloadOf, Tag } from '@shopgraph/kit';
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { InventoryContext } from '../context';
import { ReservationCreateInput } from './inputs';
import type { Reservation as StockReservation } from './reservation';
import { Reservation, ReservationPayload } from './types';
import { commitError, lineError, releaseError } from './user-errors';

@Resolver()
export class ReservationResolver {
  @Tag('internal')
  @Query(() => Reservation, { nullable: true, description: 'One reservation, for sibling services.' })
  reservation(
    @Arg('id', () => ID, { description: 'The reservation.' }) id: string,
    @Ctx() { reservations }: InventoryContext,
  ): Promise<StockReservation | null> {
    return reservations.byId(id);
  }

  @Tag('internal')
  @Mutation(() => ReservationPayload, { description: 'Holds stock for an owner: every line or none.' })
  async reservationCreate(
    @Arg('input', () => ReservationCreateInput, { description: 'What to hold, and for whom.' })
    input: ReservationCreateInput,
    @Ctx() context: InventoryContext,
  ) {
    return payloadOf('reservation', await context.reservationService.create(input, context), lineError);
  }

  @Tag('internal')
  @Mutation(() => ReservationPayload, { description: 'Gives held stock back; doing it again changes nothing.' })
  async reservationRelease(
    @Arg('id', () => ID, { description: 'The reservation.' }) id: string,
    @Ctx() context: InventoryContext,
  ) {
    return payloadOf('reservation', await context.reservationService.release(id, context), releaseError);
  }

  @Tag('internal')
  @Mutation(() => ReservationPayload, {
    description: 'Hands held stock to an order; doing it again changes nothing.',
  })
  async reservationCommit(
    @Arg('id', () => ID, { description: 'The reservation.' }) id: string,
    @Ctx() context: InventoryContext,
  ) {
    return payloadOf('reservation', await context.reservationService.commit(id, context), commitError);
  }
}
