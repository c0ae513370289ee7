import { advance, type CheckoutStep, isAbandoned, type SagaEvent } from '../src/checkout/checkout-saga';
import { aSaga } from './builders';

const time = { now: new Date('2026-01-01T00:00:10Z'), leaseMs: 5_000 };
const afterLease = new Date('2026-01-01T00:00:15Z');
const tomorrow = new Date('2026-01-02T00:00:10Z');

const EVENTS: Record<SagaEvent['type'], SagaEvent> = {
  reserved: { type: 'reserved', reservationId: 'rsv_1' },
  refused: { type: 'refused' },
  authorised: { type: 'authorised' },
  placed: { type: 'placed' },
  abandoned: { type: 'abandoned' },
  'undo-failed': { type: 'undo-failed' },
  undone: { type: 'undone' },
};

describe('a checkout', () => {
  it.each<[CheckoutStep, SagaEvent['type'], object]>([
    [
      'RESERVING',
      'reserved',
      { step: 'AUTHORISING', reservationId: 'rsv_1', mayHoldPayment: true, leaseUntil: afterLease },
    ],
    ['RESERVING', 'refused', { step: 'FAILED', isActive: false, leaseUntil: null, purgeAt: tomorrow }],
    ['AUTHORISING', 'authorised', { step: 'PLACING', isActive: true, leaseUntil: afterLease }],
    ['PLACING', 'placed', { step: 'COMPLETED', isActive: true, leaseUntil: null, purgeAt: tomorrow }],
    ['RESERVING', 'abandoned', { step: 'COMPENSATING', isActive: true, leaseUntil: afterLease }],
    ['AUTHORISING', 'abandoned', { step: 'COMPENSATING' }],
    ['PLACING', 'abandoned', { step: 'COMPENSATING' }],
    ['COMPENSATING', 'abandoned', { step: 'COMPENSATING' }],
    ['COMPENSATING', 'undo-failed', { step: 'COMPENSATING', failedUndos: 1, leaseUntil: afterLease }],
    ['COMPENSATING', 'undone', { step: 'FAILED', isActive: false, leaseUntil: null }],
  ])('in %s, when %s, goes on', (step, event, then) => {
    const saga = aSaga({ step });
    expect(advance(saga, EVENTS[event], time)).toMatchObject({ ...then, version: saga.version + 1 });
  });

  const allowed = new Set([
    'RESERVING reserved',
    'RESERVING refused',
    'AUTHORISING authorised',
    'PLACING placed',
    'RESERVING abandoned',
    'AUTHORISING abandoned',
    'PLACING abandoned',
    'COMPENSATING abandoned',
    'COMPENSATING undo-failed',
    'COMPENSATING undone',
  ]);
  const steps: CheckoutStep[] = ['RESERVING', 'AUTHORISING', 'PLACING', 'COMPLETED', 'COMPENSATING', 'FAILED'];
  const forbidden = steps.flatMap((step) =>
    Object.values(EVENTS)
      .filter(({ type }) => !allowed.has(`${step} ${type}`))
      .map((event) => [step, event.type, event] as const),
  );
  it.each(forbidden)('in %s cannot be told %s', (step, _type, event) => {
    expect(() => advance(aSaga({ step }), event, time)).toThrow(`cannot follow ${step}`);
  });

  it('that cannot be undone is left alone longer and longer, five minutes at the most', () => {
    const delayAfter = (failedUndos: number) => {
      const { leaseUntil } = advance(aSaga({ step: 'COMPENSATING', failedUndos }), { type: 'undo-failed' }, time);
      return (leaseUntil?.getTime() ?? 0) - time.now.getTime();
    };
    expect([0, 1, 2, 20].map(delayAfter)).toEqual([5_000, 10_000, 20_000, 300_000]);
  });

  it('counts as abandoned once its lease is over, unless it has ended', () => {
    const leaseUntil = new Date('2026-01-01T00:00:01Z');
    expect(isAbandoned(aSaga({ leaseUntil }), new Date('2026-01-01T00:00:00.999Z'))).toBe(false);
    expect(isAbandoned(aSaga({ leaseUntil }), leaseUntil)).toBe(true);
    expect(isAbandoned(aSaga({ leaseUntil: null }), tomorrow)).toBe(false);
  });
});
