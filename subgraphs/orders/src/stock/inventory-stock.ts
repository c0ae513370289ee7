import { type Call, DomainError, ok, refuse, type Result, type ServiceClient } from '@shopgraph/kit';
import type { Shortage, Stock, StockRequest } from './stock';

const RESERVE = `mutation OrdersReserve($input: ReservationCreateInput!) {
  reservationCreate(input: $input) {
    reservation { id }
    userErrors { code message field ... on InsufficientStockError { sku requested available } }
  }
}`;

const RELEASE = `mutation OrdersRelease($id: ID!) {
  reservationRelease(id: $id) { reservation { id status } userErrors { code message } }
}`;

interface UserErrorAnswer {
  readonly code: string;
  readonly message: string;
  readonly field: readonly string[] | null;
  readonly sku?: string;
  readonly requested?: number;
  readonly available?: number;
}

interface ReserveAnswer {
  readonly reservationCreate: {
    readonly reservation: { readonly id: string } | null;
    readonly userErrors: readonly UserErrorAnswer[];
  };
}

interface ReleaseAnswer {
  readonly reservationRelease: { readonly userErrors: readonly { readonly code: string; readonly message: string }[] };
}

/** Stock of the inventory subgraph. */
export class InventoryStock implements Stock {
  constructor(private readonly client: ServiceClient) {}

  async reserve({ key, lines, ttlSeconds }: StockRequest, call: Call): Promise<Result<string, Shortage>> {
    const variables = { input: { ownerReference: key, lines, ttlSeconds, idempotencyKey: key } };
    const { reservationCreate } = await this.client.execute<ReserveAnswer, typeof variables>(RESERVE, variables, call, {
      idempotent: true,
    });
    const { reservation, userErrors } = reservationCreate;
    if (reservation) return ok(reservation.id);
    return refuse(...userErrors.map((error) => shortageOf(error, lines)));
  }

  async release(reservationId: string, call: Call): Promise<void> {
    const variables = { id: reservationId };
    const { reservationRelease } = await this.client.execute<ReleaseAnswer, typeof variables>(
      RELEASE,
      variables,
      call,
      { idempotent: true },
    );
    const unexpected = reservationRelease.userErrors.find(({ code }) => code !== 'NOT_FOUND');
    if (unexpected) throw new Error(`Reservation ${reservationId} cannot be released: ${unexpected.message}`);
  }
}

function shortageOf(
  { code, message, field, sku, requested, available }: UserErrorAnswer,
  lines: StockRequest['lines'],
) {
  if (sku !== undefined && requested !== undefined && available !== undefined) return { sku, requested, available };
  // What inventory has never heard of is out of stock.
  const line = lines[Number(field?.[2])];
  if (code === 'NOT_FOUND' && line) return { sku: line.sku, requested: line.quantity, available: 0 };
  throw new DomainError('UNAVAILABLE', { cause: new Error(`inventory refused a reservation: ${code} ${message}`) });
}
