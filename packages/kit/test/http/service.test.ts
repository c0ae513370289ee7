import type { Background } from '../../src/background';
import { runChecks } from '../../src/health';
import { aGate, eventually } from '../../testing';
import { startThings } from './start-things';

const healthy = { mongodb: async () => undefined, bus: async () => undefined };

async function readinessOf(things: Awaited<ReturnType<typeof startThings>>) {
  const { status, text } = await things.get('/health/ready', things.operationsOrigin);
  return { status, body: JSON.parse(text) as Record<string, unknown> };
}

describe('the health of a service', () => {
  it('is good while every dependency works', async () => {
    const things = await startThings({ checks: healthy });
    things.clock.advance(61_500);
    expect(await readinessOf(things)).toEqual({
      status: 200,
      body: {
        status: 'ok',
        service: 'things',
        version: '1.2.3',
        uptimeSeconds: 61,
        dependencies: { mongodb: 'ok', bus: 'ok' },
      },
    });
    await things.service.close();
  });

  it('is bad while one dependency fails, and tells which without telling why', async () => {
    let isAway = true;
    const bus = async () => {
      if (isAway) throw new Error('connect ECONNREFUSED rabbit-1.internal');
    };
    const things = await startThings({ checks: { ...healthy, bus } });
    const { status, body } = await readinessOf(things);
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: 'unavailable', dependencies: { mongodb: 'ok', bus: 'unavailable' } });
    expect(JSON.stringify(body)).not.toContain('rabbit-1');
    isAway = false;
    expect(await readinessOf(things)).toMatchObject({ status: 200 });
    await things.service.close();
  });

  it('counts a dependency that does not answer in time, or throws at once, as unavailable', async () => {
    const checks = {
      hanging: () => new Promise<void>(() => undefined),
      throwing: () => {
        throw new Error('no client');
      },
      working: async () => undefined,
    };
    expect(await runChecks(checks, 20)).toEqual({ hanging: 'unavailable', throwing: 'unavailable', working: 'ok' });
  });

  it('is not asked for at the public port', async () => {
    const things = await startThings();
    expect((await things.get('/health/ready')).status).toBe(404);
    expect((await things.get('/metrics')).status).toBe(404);
    await things.service.close();
  });
});

describe('a service that closes', () => {
  it('is alive but not ready while its background work ends, and takes no requests any more', async () => {
    const [stopping, gate] = [aGate(), aGate()];
    const work: Background = {
      name: 'work',
      start: async () => undefined,
      async stop() {
        stopping.open();
        await gate.passed;
      },
    };
    const things = await startThings({ checks: healthy, background: [work] });
    const closed = things.service.close();
    await stopping.passed;
    expect(await readinessOf(things)).toMatchObject({ status: 503, body: { dependencies: { mongodb: 'ok' } } });
    expect((await things.get('/health/live', things.operationsOrigin)).status).toBe(200);
    await expect(things.ask('{ call }')).rejects.toThrow();
    gate.open();
    await closed;
    await expect(things.get('/health/live', things.operationsOrigin)).rejects.toThrow();
  });

  it('starts its background work in order and stops it in the opposite one, also after a failure, once', async () => {
    const log: string[] = [];
    const aWork = (name: string): Background => ({
      name,
      start: async () => void log.push(`start ${name}`),
      async stop() {
        log.push(`stop ${name}`);
        if (name === 'third') throw new Error('cannot stop');
      },
    });
    const things = await startThings({ background: ['first', 'second', 'third'].map(aWork) });
    await Promise.all([things.service.close(), things.service.close()]);
    expect(log).toEqual(['start first', 'start second', 'start third', 'stop third', 'stop second', 'stop first']);
    expect(things.lines()).toContainEqual(expect.objectContaining({ background: 'third' }));
  });

  it('lets requests under way end', async () => {
    const [entered, gate] = [aGate(), aGate()];
    const things = await startThings({
      routes: (app) =>
        void app.get('/slow', async () => {
          entered.open();
          await gate.passed;
          return 'done';
        }),
    });
    const slow = things.get('/slow');
    await entered.passed;
    const closed = things.service.close();
    gate.open();
    expect(await slow).toMatchObject({ status: 200, text: 'done' });
    await closed;
  });
});

describe('the metrics of a service', () => {
  it('are in the text format of Prometheus: requests, operations, errors and the process', async () => {
    const things = await startThings();
    await things.ask('query Called { call }');
    await things.ask('query Failing { fail(how: "conflict") }');
    await things.get('/nowhere');
    await eventually(async () => {
      const { headers, text } = await things.get('/metrics', things.operationsOrigin);
      expect(headers['content-type']).toMatch('text/plain');
      const lines = text.split('\n').filter((line) => line !== '');
      expect(lines.filter((line) => !/^(# (HELP|TYPE) .+|\w+(\{.*\})? (-?[\d.e+-]+|NaN|\+Inf))$/.test(line))).toEqual(
        [],
      );
      const has = (name: string, ...labels: string[]) =>
        lines.some((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)));
      expect(has('http_request_duration_seconds_count', 'route="/graphql"', 'method="POST"', 'status="200"')).toBe(
        true,
      );
      expect(has('http_request_duration_seconds_count', 'route="unknown"', 'status="404"')).toBe(true);
      expect(has('graphql_operation_duration_seconds_count', 'operation="Called"', 'type="query"')).toBe(true);
      expect(has('graphql_errors_total', 'code="CONFLICT"', 'service="things"')).toBe(true);
      expect(has('process_cpu_seconds_total', 'service="things"')).toBe(true);
    });
    await things.service.close();
  });

  it('have no more operation names than clients may invent', async () => {
    const things = await startThings();
    for (let index = 0; index < 205; index += 1) await things.ask(`query Q${index} { call }`);
    const { text } = await things.get('/metrics', things.operationsOrigin);
    const names = new Set(
      [...text.matchAll(/graphql_operation_duration_seconds_count\{[^}]*operation="(\w+)"/g)].map(([, name]) => name),
    );
    expect(names.size).toBe(201);
    expect(names).toContain('other');
    await things.service.close();
  });
});
