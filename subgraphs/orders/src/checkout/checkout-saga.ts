import type { StockLine } from '../stock/stock';

/**
 * RESERVING → AUTHORISING → PLACING → COMPLETED, and from each of the first three, when something fails,
 * COMPENSATING → FAILED. A step is written down before it is begun, so that its row tells after a crash what may
 * have happened.
 */
export const CHECKOUT_STEPS = ['RESERVING', 'AUTHORISING', 'PLACING', 'COMPLETED', 'COMPENSATING', 'FAILED'] as const;
export type CheckoutStep = (typeof CHECKOUT_STEPS)[number];

const DAY_MS = 24 * 60 * 60 * 1_000;
/** How long the row of an ended checkout is kept; as long its idempotency key is remembered. */
const KEPT_MS = DAY_MS;
const LONGEST_DELAY_MS = 5 * 60 * 1_000;

/** One attempt at turning a cart into an order. Holds no personal data. */
export interface CheckoutSaga {
  /** Also the key of its reservation and its payment. */
  readonly id: string;
  /** Caller, mutation and idempotency key. */
  readonly intention: string;
  /** SHA-256 of what was asked for. */
  readonly payloadHash: string;
  readonly step: CheckoutStep;
  /** Whether its intention is taken: of one intention one saga at a time is. Refusals are not remembered. */
  readonly isActive: boolean;
  readonly stockLines: readonly StockLine[];
  readonly ttlSeconds: number;
  readonly reservationId: string | null;
  /** Whether the payment provider may have been asked. */
  readonly mayHoldPayment: boolean;
  /** The order that it makes. */
  readonly orderId: string;
  /** Until then whoever works on it is left alone; null once it has ended. */
  readonly leaseUntil: Date | null;
  /** How often undoing it has failed. */
  readonly failedUndos: number;
  readonly purgeAt: Date | null;
  readonly version: number;
}

/** What takes a saga from one step to the next. */
export type SagaEvent =
  | { readonly type: 'reserved'; readonly reservationId: string }
  /** There was not enough in stock, so nothing is held. */
  | { readonly type: 'refused' }
  | { readonly type: 'authorised' }
  | { readonly type: 'placed' }
  /** Something went wrong, or the one who worked on it is gone: everything has to be undone. */
  | { readonly type: 'abandoned' }
  | { readonly type: 'undo-failed' }
  | { readonly type: 'undone' };

/** The current time, and how long the next step may take. */
export interface SagaTime {
  readonly now: Date;
  readonly leaseMs: number;
}

export type SagaStart = Pick<
  CheckoutSaga,
  'id' | 'intention' | 'payloadHash' | 'stockLines' | 'ttlSeconds' | 'orderId'
>;

/** A saga that is about to reserve. */
export function beginSaga(start: SagaStart, { now, leaseMs }: SagaTime): CheckoutSaga {
  return {
    ...start,
    step: 'RESERVING',
    isActive: true,
    reservationId: null,
    mayHoldPayment: false,
    leaseUntil: later(now, leaseMs),
    failedUndos: 0,
    purgeAt: null,
    version: 1,
  };
}

const ALLOWED_IN: Readonly<Record<SagaEvent['type'], readonly CheckoutStep[]>> = {
  reserved: ['RESERVING'],
  refused: ['RESERVING'],
  authorised: ['AUTHORISING'],
  placed: ['PLACING'],
  abandoned: ['RESERVING', 'AUTHORISING', 'PLACING', 'COMPENSATING'],
  'undo-failed': ['COMPENSATING'],
  undone: ['COMPENSATING'],
};

/** The saga after an event. @throws Error for an event that its step does not know. */
export function advance(saga: CheckoutSaga, event: SagaEvent, { now, leaseMs }: SagaTime): CheckoutSaga {
  if (!ALLOWED_IN[event.type].includes(saga.step)) throw new Error(`${event.type} cannot follow ${saga.step}`);
  const next = { ...saga, version: saga.version + 1, leaseUntil: later(now, leaseMs) };
  const ended = { ...next, leaseUntil: null, purgeAt: later(now, KEPT_MS) };
  switch (event.type) {
    case 'reserved':
      return { ...next, step: 'AUTHORISING', reservationId: event.reservationId, mayHoldPayment: true };
    case 'authorised':
      return { ...next, step: 'PLACING' };
    case 'placed':
      return { ...ended, step: 'COMPLETED' };
    case 'abandoned':
      return { ...next, step: 'COMPENSATING' };
    case 'undo-failed': {
      const delay = Math.min(leaseMs * 2 ** saga.failedUndos, LONGEST_DELAY_MS);
      return { ...next, failedUndos: saga.failedUndos + 1, leaseUntil: later(now, delay) };
    }
    case 'refused':
    case 'undone':
      return { ...ended, step: 'FAILED', isActive: false };
  }
}

/** Whether the one who worked on it must be taken for gone. */
export function isAbandoned({ leaseUntil }: CheckoutSaga, now: Date): boolean {
  return leaseUntil !== null && leaseUntil <= now;
}

function later(from: Date, milliseconds: number): Date {
  return new Date(from.getTime() + milliseconds);
}
