import { DomainError } from '@shopgraph/kit';
import type { FastifyRequest } from 'fastify';
import { ANY_HOST, type VariantHosts } from './variant-values';

/** Asks for a variant other than the first of the host. */
export const VARIANT_HEADER = 'x-graph-variant';

/**
 * The name of the variant that a request is for. Its host decides what it can be, so that nobody gets from a header
 * what is not served where they ask; behind a proxy that is trusted it is the host that the proxy was asked for.
 * @throws DomainError NOT_FOUND for a host that serves nothing, BAD_REQUEST for a variant that it does not serve.
 */
export function chosenVariant(
  { hostname, headers }: Pick<FastifyRequest, 'hostname' | 'headers'>,
  hosts: VariantHosts,
) {
  // A name with a dot at its end is the same, only absolute (RFC 1034, section 3.1).
  const allowed = hosts.get(hostname.toLowerCase().replace(/\.$/, '')) ?? hosts.get(ANY_HOST);
  if (!allowed) throw new DomainError('NOT_FOUND', { message: 'No graph is served at this host.' });
  const asked = headers[VARIANT_HEADER];
  if (asked === undefined) return allowed[0];
  const chosen = allowed.find((name) => name === asked);
  if (chosen === undefined) {
    throw new DomainError('BAD_REQUEST', { message: `The variant that ${VARIANT_HEADER} names is not served here.` });
  }
  return chosen;
}
