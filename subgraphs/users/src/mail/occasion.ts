import type { Call } from '@shopgraph/kit';
import type { Occasion } from './queued-mail';

/** What a notice tells of a call that is made now. */
export function occasionOf({ client }: Call, at: Date, newAddress: string | null = null): Occasion {
  return {
    at,
    ip: client?.ip ?? null,
    userAgent: client?.userAgent ?? null,
    newAddress: newAddress === null ? null : shortened(newAddress),
  };
}

/** Enough of an address for somebody who knows it: `a…@example.com`. */
function shortened(address: string): string {
  const at = address.lastIndexOf('@');
  const [first = ''] = address.slice(0, at);
  return `${first}…${address.slice(at)}`;
}
