import type { FastifyInstance } from 'fastify';
import type { Clock } from './clock';

/** Longer than a healthy store takes to answer, shorter than a probe waits. */
const CHECK_TIMEOUT_MS = 2_000;

/** By the name of the dependency; a rejection means that it does not work. */
export type HealthChecks = Readonly<Record<string, () => Promise<unknown>>>;

/** Whether this process is to get requests. */
export class Readiness {
  private state: 'starting' | 'ready' | 'closing' = 'starting';

  ready(): void {
    if (this.state === 'starting') this.state = 'ready';
  }

  closing(): void {
    this.state = 'closing';
  }

  get isReady(): boolean {
    return this.state === 'ready';
  }
}

interface HealthOptions {
  readonly name: string;
  readonly version: string;
  readonly readiness: Readiness;
  readonly checks: HealthChecks;
  readonly optionalChecks: HealthChecks | (() => HealthChecks);
  readonly clock: Clock;
}

/**
 * Adds /health/live, which answers while the process runs, and /health/ready, which answers 200 when the service
 * takes requests and every dependency works that it cannot do without, else 503, with the state of each.
 */
export function serveHealth(
  app: FastifyInstance,
  { name, version, readiness, checks, optionalChecks, clock }: HealthOptions,
): void {
  const startedAt = clock.now();

  app.get('/health/live', async () => ({ status: 'ok' }));

  app.get('/health/ready', async (_request, reply) => {
    const optional = typeof optionalChecks === 'function' ? optionalChecks() : optionalChecks;
    const dependencies = await runChecks({ ...checks, ...optional });
    const isReady = readiness.isReady && Object.keys(checks).every((name) => dependencies[name] === 'ok');
    const uptimeSeconds = Math.floor((clock.now().getTime() - startedAt.getTime()) / 1000);
    return reply
      .code(isReady ? 200 : 503)
      .send({ status: isReady ? 'ok' : 'unavailable', service: name, version, uptimeSeconds, dependencies });
  });
}

/** The state of every dependency, all asked at once; who does not answer within `timeoutMs` (2 s) is unavailable. */
export async function runChecks(
  checks: HealthChecks,
  timeoutMs = CHECK_TIMEOUT_MS,
): Promise<Record<string, 'ok' | 'unavailable'>> {
  const states = await Promise.all(
    Object.entries(checks).map(async ([dependency, check]) => [dependency, await stateOf(check, timeoutMs)] as const),
  );
  return Object.fromEntries(states);
}

async function stateOf(check: () => Promise<unknown>, timeoutMs: number): Promise<'ok' | 'unavailable'> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), timeoutMs);
  });
  try {
    await Promise.race([check(), timeout]);
    return 'ok';
  } catch {
    return 'unavailable';
  } finally {
    clearTimeout(timer);
  }
}
