import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';

type TrustProxy = number | string[] | false;

/**
 * The address of a client, behind the proxies that are believed, as Fastify finds it: for requests that do not pass it.
 * @param trustProxy Hops or addresses.
 */
export function clientAddressBehind(trustProxy: TrustProxy): (request: IncomingMessage) => string {
  const trust = trustOf(trustProxy);
  return (request) => proxyAddr(request, trust);
}

/** The name, without port, of the host that a client has asked; behind a proxy that is believed, what the proxy says. */
export function hostBehind(trustProxy: TrustProxy): (request: IncomingMessage) => string {
  const trust = trustOf(trustProxy);
  return ({ socket, headers }) => {
    const forwarded = trust(socket.remoteAddress ?? '', 0) ? headers['x-forwarded-host'] : undefined;
    // The last one is what the nearest proxy has written.
    const host = (forwarded === undefined ? headers.host : String(forwarded).split(',').at(-1)) ?? '';
    return host.trim().replace(/:\d*$/, '');
  };
}

function trustOf(trustProxy: TrustProxy): (address: string, hop: number) => boolean {
  return typeof trustProxy === 'object' ? proxyAddr.compile(trustProxy) : (_address, hop) => hop < Number(trustProxy);
}
