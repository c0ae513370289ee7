import { DomainError, type ErrorCode } from '@shopgraph/kit';

/** Why subscriptions end before their events are complete, and what clients are told. */
const ENDS = {
  /** The access token has expired, or its session or API key has ended. */
  session: { code: 'UNAUTHENTICATED', message: 'The session has ended: sign in, and subscribe again.' },
  slow: { code: 'RATE_LIMITED', message: 'Events come faster than they are read: subscribe again.' },
  unavailable: { code: 'UNAVAILABLE', message: 'The events cannot be reached at the moment: subscribe again.' },
  closing: { code: 'UNAVAILABLE', message: 'This server is closing: subscribe again.' },
} as const satisfies Record<string, { code: ErrorCode; message: string }>;

/** As metrics name it; `refused` is what a subgraph or a rule has ended, `failed` a fault of ours. */
export type EndReason = keyof typeof ENDS | 'complete' | 'client' | 'refused' | 'failed';

/** The end of a subscription before its events are complete. */
export class SubscriptionEnd extends DomainError {
  constructor(
    readonly reason: keyof typeof ENDS,
    cause: unknown,
  ) {
    super(ENDS[reason].code, { message: ENDS[reason].message, cause });
  }
}

/** Ends a subscription for a reason. */
export function endOf(reason: keyof typeof ENDS, cause?: unknown): SubscriptionEnd {
  return new SubscriptionEnd(reason, cause);
}

/** The reason for which an error has ended a subscription. */
export function reasonOf(error: unknown): EndReason {
  if (error instanceof SubscriptionEnd) return error.reason;
  return error instanceof DomainError ? 'refused' : 'failed';
}
