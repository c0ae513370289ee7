import { orders, staff, type startInventory } from './start-inventory';

type Inventory = Awaited<ReturnType<typeof startInventory>>;

interface UserErrorAnswer {
  readonly __typename: string;
  readonly code: string;
  readonly field: string[];
}

interface ReservationAnswer {
  readonly reservation: { readonly id: string; readonly status: string } | null;
  readonly userErrors: readonly UserErrorAnswer[];
}

interface LevelAnswer {
  readonly level: { readonly id: string; readonly onHand: number; readonly available: number } | null;
  readonly userErrors: readonly UserErrorAnswer[];
}

interface SkuQuantity {
  readonly sku: string;
  readonly quantity: number;
}

const RESERVATION = `{
  reservation { id status orderId }
  userErrors { __typename code field ... on InsufficientStockError { sku requested available } }
}`;
const LEVEL = `{
  level { id onHand available location { id name } }
  userErrors { __typename code field ... on InsufficientStockError { sku requested available } }
}`;

export const RESERVE = `mutation ($input: ReservationCreateInput!) { answer: reservationCreate(input: $input) ${RESERVATION} }`;
const RELEASE = `mutation ($id: ID!) { answer: reservationRelease(id: $id) ${RESERVATION} }`;
const COMMIT = `mutation ($id: ID!) { answer: reservationCommit(id: $id) ${RESERVATION} }`;
export const ADJUST = `mutation ($input: StockAdjustInput!) { answer: stockAdjust(input: $input) ${LEVEL} }`;
const SET = `mutation ($input: StockSetInput!) { answer: stockSet(input: $input) ${LEVEL} }`;

const RESERVATION_BY_ID = 'query ($id: ID!) { answer: reservation(id: $id) { id status orderId } }';

let lastKey = 0;
export const newKey = () => `test-key-${(lastKey += 1)}`;

/** The mutations as their callers send them; an answer with GraphQL errors fails the test. */
export function requestsTo(inventory: () => Inventory) {
  async function send<Answer>(viewer: typeof staff, query: string, variables: object): Promise<Answer> {
    const { data, errors } = await inventory().send<{ answer: Answer }>(viewer, query, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data.answer;
  }
  return {
    reserve: (lines: readonly SkuQuantity[], options: { idempotencyKey?: string; ttlSeconds?: number } = {}) => {
      const input = { ownerReference: 'cart_1', lines, idempotencyKey: newKey(), ...options };
      return send<ReservationAnswer>(orders, RESERVE, { input });
    },
    release: (id: string) => send<ReservationAnswer>(orders, RELEASE, { id }),
    commit: (id: string) => send<ReservationAnswer>(orders, COMMIT, { id }),
    reservation: (id: string) => send<ReservationAnswer['reservation']>(orders, RESERVATION_BY_ID, { id }),
    adjust: (input: object) =>
      send<LevelAnswer>(staff, ADJUST, { input: { reason: 'RECEIVED', idempotencyKey: newKey(), ...input } }),
    set: (input: object) => send<LevelAnswer>(staff, SET, { input: { idempotencyKey: newKey(), ...input } }),
  };
}
