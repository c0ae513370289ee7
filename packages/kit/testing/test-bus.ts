import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { EventBus, RetryPolicy } from '../src/event-bus';
import { InProcessBus } from '../src/in-process-bus';
import { connectRabbitBus } from '../src/rabbit-bus';

const FAST_RETRY: RetryPolicy = { attempts: 4, firstDelayMs: 5, maxDelayMs: 20 };

/** A bus that nobody else uses: on RabbitMQ where RABBITMQ_URL names one, otherwise within the process. Retries fast. */
export async function startTestBus(retry: RetryPolicy = FAST_RETRY): Promise<EventBus> {
  const logger = pino({ level: 'silent' });
  const url = process.env.RABBITMQ_URL;
  if (url === undefined) return new InProcessBus(logger, retry);
  return connectRabbitBus({ url, logger, retry, namespace: `test.${randomBytes(6).toString('hex')}` });
}
