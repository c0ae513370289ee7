import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Background } from './background';
import type { Clock } from './clock';
import { consumeEvents, type EventHandler } from './consumers';
import type { EventBus } from './event-bus';
import { afterCommit } from './mongo';
import { everyInterval } from './periodic';
import {
  afterFailure,
  afterSuccess,
  type PrivacyRequest,
  type PrivacyRequestKind,
  receiveRequest,
} from './privacy-request';
import { PrivacyRequestStore } from './privacy-request-store';
import { textPieces } from './text-pieces';

/** UTF-16 code units that one piece of an answer may have: in JSON, whatever they are, they fit into one request. */
export const MAX_PRIVACY_PIECE = 200_000;

/** How often is looked for requests that failed before, or that another process has left behind. */
const POLL_MS = 1_000;
/** After this time another process takes a request for abandoned; doing it twice does no harm. */
const LEASE_MS = 10 * 60_000;

const KINDS: Readonly<Record<string, PrivacyRequestKind>> = {
  'users.export-requested': 'EXPORT',
  'users.anonymisation-requested': 'ANONYMISE',
};

const requested = z.object({ jobId: z.string(), userId: z.string() });

/** One piece of what a subgraph answers to a request. */
export interface PrivacyAnswer {
  readonly jobId: string;
  /** Pieces of one attempt make one text. */
  readonly attempt: string;
  /** From 0. */
  readonly index: number;
  readonly isLast: boolean;
  /** Of JSON; empty when something was erased. */
  readonly text: string;
}

/** What a subgraph holds of people. */
export interface PersonalData {
  /** Everything that is held of a user, for people to read, without secrets; becomes JSON. */
  readonly exportOf: (userId: string) => Promise<object>;
  /**
   * Erases everything personal that is held of a user. It is called again, after a failure and some time after a
   * success, and may take as many transactions as it likes.
   */
  readonly erase: (userId: string) => Promise<void>;
}

/** What a subgraph answers privacy requests with, and how it hears of them. */
export interface PrivacyHandlingOptions extends PersonalData {
  /** Which subgraph answers. */
  readonly subgraph: string;
  readonly bus: EventBus;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Takes an answer piece by piece; false when nobody waits for it any more. */
  readonly give: (answer: PrivacyAnswer) => Promise<boolean>;
  /** How often is looked for requests that wait, in milliseconds; every second unless given. */
  readonly pollMs?: number;
}

/**
 * Does what users asks for about people. A request is written down in the transaction that handles its event, and
 * worked on until its answer was taken, however long that takes. Make it before `ensureIndexes`.
 */
export function handlePrivacyRequests(options: PrivacyHandlingOptions): readonly Background[] {
  const { subgraph, bus, connection, clock, logger, exportOf, erase, give, pollMs = POLL_MS } = options;
  const store = new PrivacyRequestStore(connection);

  const receive: EventHandler = async ({ type, data }, tx) => {
    const { jobId: id, userId } = requested.parse(data);
    const kind = KINDS[type];
    if (!kind) return;
    await store.put(receiveRequest({ id, kind, userId }, clock.now()), tx);
    afterCommit(tx, () => void worker.nudge());
  };

  async function work(request: PrivacyRequest): Promise<void> {
    try {
      if (request.kind === 'EXPORT') await send(request.id, JSON.stringify(await exportOf(request.userId)));
      else await eraseAndTell(request);
      const next = afterSuccess(request, clock.now());
      if (next) await store.save(next);
      else await store.remove(request.id);
    } catch (err) {
      logger.warn(
        { err, jobId: request.id, kind: request.kind },
        'privacy request could not be answered: trying again',
      );
      await store.save(afterFailure(request, clock.now()));
    }
  }

  async function eraseAndTell({ id, userId, answeredAt }: PrivacyRequest): Promise<void> {
    await erase(userId);
    if (answeredAt === null) await send(id, '');
  }

  async function send(jobId: string, text: string): Promise<void> {
    const attempt = randomUUID();
    const pieces = textPieces(text, MAX_PRIVACY_PIECE);
    for (const [index, piece] of pieces.entries()) {
      const isTaken = await give({ jobId, attempt, index, isLast: index === pieces.length - 1, text: piece });
      if (isTaken) continue;
      logger.info({ jobId }, 'nobody waits for this answer any more');
      return;
    }
  }

  const take = () => store.take(clock.now(), new Date(clock.now().getTime() + LEASE_MS));
  const worker = everyInterval({
    name: 'privacy-requests',
    intervalMs: pollMs,
    logger,
    async run() {
      for (let request = await take(); request; request = await take()) await work(request);
    },
  });
  const handlers = Object.fromEntries(Object.keys(KINDS).map((type) => [type, receive]));
  return [consumeEvents({ bus, connection, clock, consumer: consumerOf(subgraph), handlers }), worker];
}

/** From now on requests are kept for a subgraph that will be built later, where all share one process. */
export function announcePrivacyRequests(bus: EventBus, subgraph: string): Promise<void> {
  return bus.announce(consumerOf(subgraph), Object.keys(KINDS));
}

/** A queue of its own: what is held of somebody has to wait for no other event, nor they for it. */
function consumerOf(subgraph: string): string {
  return `${subgraph}-privacy`;
}
