import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import autocannon from 'autocannon';
import { request } from 'undici';
import { z } from 'zod';
import { accountOf, BENCH_PASSWORD } from './auth-accounts';
import { startBenchProcess } from './bench-process';
import { percentile } from './measure';

const PORT = 4720;
/** As many as keep every hashing thread busy; each has an account of its own. */
const CLIENTS = 4;
const PROBE_PAUSE_MS = 10;
const WARM_UP_SECONDS = 2;
const PATIENCE_SECONDS = 30;

const LOGIN =
  'mutation ($input: LoginInput!) { login(input: $input) { accessToken userErrors { code message } user { id } } }';
const loginAnswer = z.object({ data: z.object({ login: z.object({ accessToken: z.string() }) }) });

export interface LoginMeasurement {
  readonly loginsPerSecond: number;
  /** Milliseconds to the answer of an unrelated query, while nobody signs in and while everybody does. */
  readonly quietP99: number;
  readonly busyP99: number;
}

/**
 * Loads a shop with logins, as many as it takes, and meanwhile asks it who somebody is.
 * @throws Error for a login or query that fails.
 */
export async function benchLogins(seconds: number): Promise<LoginMeasurement> {
  const dataDir = await mkdtemp(join(tmpdir(), 'shopgraph-bench-'));
  const file = join(__dirname, 'auth-shop-main.ts');
  const shop = await startBenchProcess({ file, args: [String(PORT), String(CLIENTS), dataDir], port: PORT });
  try {
    const token = await signIn(shop.url);
    await probe(shop.url, token, WARM_UP_SECONDS);
    const quiet = await probe(shop.url, token, seconds);
    await loadWithLogins(shop.url, WARM_UP_SECONDS);
    const [loginsPerSecond, busy] = await Promise.all([
      loadWithLogins(shop.url, seconds),
      probe(shop.url, token, seconds),
    ]);
    return { loginsPerSecond, quietP99: percentile(quiet, 0.99), busyP99: percentile(busy, 0.99) };
  } finally {
    await shop.stop();
    await rm(dataDir, { recursive: true });
  }
}

/** Logins per second over all clients. */
async function loadWithLogins(url: string, seconds: number): Promise<number> {
  let client = 0;
  const { requests, non2xx, errors, mismatches } = await autocannon({
    url,
    method: 'POST',
    connections: CLIENTS,
    duration: seconds,
    timeout: PATIENCE_SECONDS,
    setupClient(connection) {
      const { address } = accountOf(client);
      connection.setHeaders({ 'content-type': 'application/json', 'x-forwarded-for': address });
      connection.setBody(loginBody(client));
      client += 1;
    },
    verifyBody: (body) => loginAnswer.safeParse(JSON.parse(String(body))).success,
  });
  if (non2xx + errors + mismatches > 0) {
    throw new Error(`${non2xx + mismatches} logins were refused, ${errors} failed`);
  }
  return requests.total / seconds;
}

/** Milliseconds to each answer of a query that has nothing to do with passwords, asked again and again. */
async function probe(url: string, token: string, seconds: number): Promise<number[]> {
  const times: number[] = [];
  for (const end = performance.now() + seconds * 1_000; performance.now() < end;) {
    const start = performance.now();
    const { data } = z
      .object({ data: z.object({ me: z.object({ name: z.string() }) }) })
      .parse(await post(url, '{"query":"{ me { name } }"}', { authorization: `Bearer ${token}` }));
    if (data.me.name === '') throw new Error('nobody has asked');
    times.push(performance.now() - start);
    await pause(PROBE_PAUSE_MS);
  }
  return times;
}

async function signIn(url: string): Promise<string> {
  const { data } = loginAnswer.parse(await post(url, loginBody(0)));
  return data.login.accessToken;
}

function loginBody(client: number): string {
  const { email } = accountOf(client);
  return JSON.stringify({ query: LOGIN, variables: { input: { email, password: BENCH_PASSWORD } } });
}

async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return response.body.json();
}
