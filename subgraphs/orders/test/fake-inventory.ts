import { type Clock, typeIds } from '@shopgraph/kit';
import { type Interception, pass, startFakeSubgraph } from './fake-subgraph';

const SDL = `
  enum ErrorCode { INSUFFICIENT_STOCK NOT_FOUND CONFLICT }
  enum ReservationStatus { ACTIVE RELEASED }
  type Query { ok: Boolean }
  type Mutation {
    reservationCreate(input: ReservationCreateInput!): ReservationPayload!
    reservationRelease(id: ID!): ReservationPayload!
  }
  input ReservationLineInput { sku: String! quantity: Int! }
  input ReservationCreateInput {
    ownerReference: String! lines: [ReservationLineInput!]! ttlSeconds: Int! idempotencyKey: String!
  }
  type Reservation { id: ID! status: ReservationStatus! }
  type ReservationPayload { reservation: Reservation userErrors: [UserError!]! }
  interface UserError { code: ErrorCode! message: String! field: [String!] }
  type GenericUserError implements UserError { code: ErrorCode! message: String! field: [String!] }
  type InsufficientStockError implements UserError {
    code: ErrorCode! message: String! field: [String!] sku: String! requested: Int! available: Int!
  }
`;

interface Line {
  readonly sku: string;
  readonly quantity: number;
}

interface FakeReservation {
  readonly id: string;
  status: 'ACTIVE' | 'RELEASED';
  readonly lines: readonly Line[];
}

interface ReserveArgs {
  readonly input: { readonly idempotencyKey: string; readonly lines: readonly Line[] };
}

/** Inventory as orders knows it: reservations are all or nothing, and the same key is the same reservation. */
export async function startFakeInventory(clock: Clock) {
  const available = new Map<string, number>();
  const byKey = new Map<string, FakeReservation>();
  const inventory: { onReserve: Interception; onRelease: Interception } = { onReserve: pass, onRelease: pass };

  function reserve({ input: { idempotencyKey, lines } }: ReserveArgs) {
    const earlier = byKey.get(idempotencyKey);
    if (earlier) return { reservation: earlier, userErrors: [] };
    const userErrors = lines.flatMap(({ sku, quantity }, index) => problemWith(sku, quantity, index));
    if (userErrors.length > 0) return { reservation: null, userErrors };
    for (const { sku, quantity } of lines) available.set(sku, (available.get(sku) ?? 0) - quantity);
    const reservation: FakeReservation = { id: typeIds.next('rsv'), status: 'ACTIVE', lines };
    byKey.set(idempotencyKey, reservation);
    return { reservation, userErrors: [] };
  }

  function problemWith(sku: string, requested: number, index: number) {
    const left = available.get(sku);
    const field = ['input', 'lines', String(index)];
    if (left === undefined) {
      return [{ __typename: 'GenericUserError', code: 'NOT_FOUND', message: 'None.', field: [...field, 'sku'] }];
    }
    if (left >= requested) return [];
    const error = { code: 'INSUFFICIENT_STOCK', message: 'Too few.', field: [...field, 'quantity'] };
    return [{ __typename: 'InsufficientStockError', ...error, sku, requested, available: left }];
  }

  function release({ id }: { id: string }) {
    const reservation = [...byKey.values()].find((other) => other.id === id);
    if (!reservation) {
      const error = { __typename: 'GenericUserError', code: 'NOT_FOUND', message: 'None.', field: ['id'] };
      return { reservation: null, userErrors: [error] };
    }
    if (reservation.status === 'ACTIVE') {
      for (const { sku, quantity } of reservation.lines) available.set(sku, (available.get(sku) ?? 0) + quantity);
    }
    reservation.status = 'RELEASED';
    return { reservation, userErrors: [] };
  }

  const server = await startFakeSubgraph(
    'inventory',
    SDL,
    {
      Mutation: {
        reservationCreate: (_root, args) => inventory.onReserve(() => reserve(args as unknown as ReserveArgs)),
        reservationRelease: (_root, args) => inventory.onRelease(() => release(args as unknown as { id: string })),
      },
    },
    clock,
  );
  return Object.assign(inventory, {
    url: server.url,
    stop: server.stop,
    stock: (sku: string, quantity: number) => void available.set(sku, quantity),
    available: (sku: string) => available.get(sku),
    /** The reservations that still hold stock. */
    held: () => [...byKey.values()].filter(({ status }) => status === 'ACTIVE'),
    lose: (sku: string) => available.delete(sku),
  });
}
