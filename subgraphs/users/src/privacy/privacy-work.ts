import {
  type Background,
  type Clock,
  type EventBus,
  everyInterval,
  handlePrivacyRequests,
  type MongoConnection,
  type Outbox,
} from '@shopgraph/kit';
import type { Logger } from 'pino';
import { exportHoldings } from './holdings';
import { PrivacyReminders } from './privacy-reminders';
import type { PrivacyServices } from './privacy-services';

const SUBGRAPH = 'users';
const MINUTE_MS = 60_000;

interface Dependencies {
  readonly connection: MongoConnection;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Does this subgraph's own part of every job, as all others do theirs, and reminds those that have not answered. */
export function privacyWork(
  services: PrivacyServices & { readonly outbox: Outbox },
  { connection, bus, clock, logger }: Dependencies,
): readonly Background[] {
  const { privacyJobs: jobs, privacyAnswers, anonymisation, holdings, outbox } = services;
  const reminders = new PrivacyReminders({ connection, jobs, outbox, clock, logger });
  return [
    ...handlePrivacyRequests({
      ...{ subgraph: SUBGRAPH, bus, connection, clock, logger },
      exportOf: (userId) => exportHoldings(holdings, userId),
      erase: (userId) => anonymisation.eraseAgain(userId),
      give: (answer) => privacyAnswers.take(SUBGRAPH, answer),
    }),
    everyInterval({ name: 'privacy-reminders', intervalMs: MINUTE_MS, run: () => reminders.remind(), logger }),
  ];
}
