import { pino } from 'pino';
import type { EventBus, RetryPolicy, Subscription } from '../src/event-bus';
import { InProcessBus } from '../src/in-process-bus';
import { RabbitBus } from '../src/rabbit-bus';
import { aNamespace, deleteNamespace } from './rabbit-namespace';

const logger = pino({ level: 'silent' });
const FAST_RETRY: RetryPolicy = { attempts: 4, firstDelayMs: 5, maxDelayMs: 20 };

/** A bus that nobody else uses: on RabbitMQ where RABBITMQ_URL names one, otherwise within the process. Retries fast. */
export async function startTestBus(retry: RetryPolicy = FAST_RETRY): Promise<EventBus> {
  const url = process.env.RABBITMQ_URL;
  if (url === undefined) return new InProcessBus(logger, retry);
  const bus = new PassingRabbitBus({ url, logger, retry, namespace: aNamespace() });
  await bus.connect();
  return bus;
}

/** The same on the RabbitMQ at `url`, which may come later, and must be there when the bus is closed. */
export function startTestBusBefore(url: string): EventBus {
  const namespace = aNamespace();
  const bus = new PassingRabbitBus({ url, logger, retry: FAST_RETRY, namespace, reconnectDelayMs: 20 });
  void bus.start();
  return bus;
}

/** Leaves nothing on the broker when it is closed. */
class PassingRabbitBus extends RabbitBus {
  private readonly consumers = new Set<string>();

  constructor(private readonly settings: ConstructorParameters<typeof RabbitBus>[0] & { readonly namespace: string }) {
    super(settings);
  }

  override announce(consumer: string, types: readonly string[]): Promise<void> {
    this.consumers.add(consumer);
    return super.announce(consumer, types);
  }

  override subscribe(subscription: Subscription): Promise<void> {
    this.consumers.add(subscription.consumer);
    return super.subscribe(subscription);
  }

  override async close(): Promise<void> {
    await super.close();
    await deleteNamespace(this.settings.url, this.settings.namespace, this.consumers);
    this.consumers.clear();
  }
}
