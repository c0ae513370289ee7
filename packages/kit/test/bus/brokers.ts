import { pino } from 'pino';
import type { EventBus, RetryPolicy } from '../../src/event-bus';
import { InProcessBus } from '../../src/in-process-bus';
import { RabbitBus } from '../../src/rabbit-bus';
import { aNamespace, deleteNamespace } from '../../testing';

const logger = pino({ level: 'silent' });
const retry: RetryPolicy = { attempts: 4, firstDelayMs: 20, maxDelayMs: 50 };

/** What a test's buses speak to. */
export interface TestBroker {
  readonly retry: RetryPolicy;
  connect(url?: string): Promise<EventBus>;
  /** Closes the buses and removes what they have made. */
  stop(): Promise<void>;
}

async function withinTheProcess(): Promise<TestBroker> {
  const bus = new InProcessBus(logger, retry);
  return { retry, connect: async () => bus, stop: () => bus.close() };
}

interface RabbitBroker extends TestBroker {
  readonly namespace: string;
  /** A bus that connects when the broker can be reached through `url`. */
  start(url: string): EventBus;
}

/** RabbitMQ at `url`, under names that nobody else uses; consumers are called `stock`, `first`, `second` or `other`. */
export async function onRabbit(url: string): Promise<RabbitBroker> {
  const namespace = aNamespace();
  const buses: RabbitBus[] = [];
  const aBus = (through: string) => {
    const bus = new RabbitBus({ url: through, logger, retry, namespace, reconnectDelayMs: 20 });
    buses.push(bus);
    return bus;
  };
  return {
    namespace,
    retry,
    async connect(through = url) {
      const bus = aBus(through);
      await bus.connect();
      return bus;
    },
    start(through) {
      const bus = aBus(through);
      void bus.start();
      return bus;
    },
    async stop() {
      await Promise.all(buses.map((bus) => bus.close()));
      await deleteNamespace(url, namespace, ['stock', 'first', 'second', 'other']);
    },
  };
}

/** Undefined where the real broker is not to be tested. */
export const rabbitUrl = process.env.RABBITMQ_URL;

/** Every bus there is, to run one contract against each. */
export const busKinds: readonly (readonly [string, () => Promise<TestBroker>])[] = [
  ['the bus within the process', withinTheProcess],
  ...(rabbitUrl === undefined ? [] : [['the bus on RabbitMQ', () => onRabbit(rabbitUrl)] as const]),
];
