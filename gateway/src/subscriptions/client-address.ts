import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';

/**
 * The address of a client, behind the proxies that are believed, as Fastify finds it: for requests that do not pass it.
 * @param trustProxy Hops or addresses.
 */
export function clientAddressBehind(trustProxy: number | string[] | false): (request: IncomingMessage) => string {
  const trust =
    typeof trustProxy === 'object'
      ? proxyAddr.compile(trustProxy)
      : (_address: string, hop: number) => hop < Number(trustProxy);
  return (request) => proxyAddr(request, trust);
}
