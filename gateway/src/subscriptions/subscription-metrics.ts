import { Counter, Gauge, type Registry } from 'prom-client';
import type { SubscriptionMetrics } from './subscriptions';

/** Metrics in `registry`; none of their labels comes from clients. */
export function createSubscriptionMetrics(registry: Registry): SubscriptionMetrics {
  const registers = [registry];
  const open = new Gauge({
    name: 'gateway_subscriptions_open',
    help: 'Subscriptions that are open.',
    labelNames: ['transport'],
    registers,
  });
  const delivered = new Counter({
    name: 'gateway_subscription_events_total',
    help: 'Events that were answered.',
    labelNames: ['transport'],
    registers,
  });
  const ended = new Counter({
    name: 'gateway_subscriptions_ended_total',
    help: 'Subscriptions that have ended, by reason.',
    labelNames: ['transport', 'reason'],
    registers,
  });
  return {
    opened: (transport) => open.inc({ transport }),
    delivered: (transport) => delivered.inc({ transport }),
    ended(transport, reason) {
      open.dec({ transport });
      ended.inc({ transport, reason });
    },
  };
}
