import type { BusEvent } from '../../src/event-bus';

/** The event number `sequence` of an aggregate. */
export function anEvent(aggregateId: string, sequence = 1, overrides: Partial<BusEvent> = {}): BusEvent {
  return {
    id: `evt_${aggregateId}_${sequence}`,
    type: 'thing.done',
    aggregateId,
    sequence,
    occurredAt: '2026-01-01T00:00:00.000Z',
    actor: 'user_1',
    traceparent: null,
    data: { units: sequence },
    ...overrides,
  };
}

/** The events 1 to `count` of an aggregate. */
export function eventsOf(aggregateId: string, count: number): BusEvent[] {
  return Array.from({ length: count }, (_, index) => anEvent(aggregateId, index + 1));
}
