import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { request } from 'undici';

const CONNECTIONS = 50;
const WARM_UP_SECONDS = 2;
/** The load ends in the middle of requests, and what a gateway makes of those is not what the next ones are timed for. */
const PAUSE_MS = 500;

/** What a gateway did under load. */
export interface Measurement {
  /** Answers per second. */
  readonly perSecond: number;
  /** Milliseconds to an answer. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time of the gateway's process for an answer, in microseconds; NaN where the system does not tell. */
  readonly cpu: number;
}

/** What is loaded, and what requests carry beside the operation. */
export interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of its process. */
  readonly pid: number;
}

/**
 * Loads a gateway over 50 connections, each of which sends the bodies in turn.
 * @throws Error when there is no answer, or one is no success.
 */
export async function measure(
  { url, headers, pid }: Target,
  bodies: readonly string[],
  seconds: number,
): Promise<Measurement> {
  const load = {
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    requests: bodies.map((body) => ({ body })),
    connections: CONNECTIONS,
  } as const;
  await autocannon({ ...load, duration: WARM_UP_SECONDS });
  await sleep(PAUSE_MS);
  const before = await cpuTimeOf(pid);
  const { requests, latency, non2xx, errors } = await autocannon({ ...load, duration: seconds });
  const cpu = ((await cpuTimeOf(pid)) - before) / requests.total;
  if (requests.total === 0) throw new Error(`${url}: not one answer in ${seconds} s`);
  if (non2xx + errors > 0) throw new Error(`${url}: ${non2xx} answers were refusals, ${errors} failed`);
  return { perSecond: requests.average, p50: latency.p50, p99: latency.p99, cpu };
}

/** Microseconds of CPU time that a process has taken, in hundredths of a second as Linux counts them (proc(5)). */
async function cpuTimeOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(user) + Number(system)) * 10_000;
}

/** The answer to an operation, for comparing. */
export async function answerOf({ url, headers }: Target, body: string): Promise<string> {
  const sent = { 'content-type': 'application/json', ...headers };
  const response = await request(url, { method: 'POST', headers: sent, body });
  return response.body.text();
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1);
  return (low + high) / 2;
}

/** The value that so large a part of the values does not exceed, such as 0.99 of them. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.ceil(sorted.length * part) - 1] ?? 0;
}
