import type { Client, Clock } from '@shopgraph/kit';
import type { GatewayContext } from '../context';

/** One call on its way, with the time that it has: queueing and repetitions are part of it. */
export interface Sending {
  readonly body: string;
  readonly call: GatewayContext;
  /** Milliseconds since 1970 at which it is given up; not later than the request's deadline. */
  readonly endsAt: number;
  readonly client: Client | null;
}

/** A call that begins now. */
export function sendingOf(
  body: string,
  call: GatewayContext,
  timeoutMs: number,
  client: Client | null,
  clock: Clock,
): Sending {
  const endsAt = Math.min(clock.now().getTime() + timeoutMs, call.deadline.getTime());
  return { body, call, endsAt, client };
}

/** Milliseconds that are left; 0 when there are none. */
export function leftOf({ endsAt }: Pick<Sending, 'endsAt'>, clock: Clock): number {
  return Math.max(0, endsAt - clock.now().getTime());
}
