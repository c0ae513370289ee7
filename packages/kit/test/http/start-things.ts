import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { request } from 'undici';
import type { Background } from '../../src/background';
import type { Call } from '../../src/call';
import type { HealthChecks } from '../../src/health';
import { signRequest } from '../../src/request-signature';
import { buildSubgraph } from '../../src/subgraph';
import type { Viewer } from '../../src/viewer';
import { anonymous, FakeClock, testKeys } from '../../testing';
import { recordingLogger } from '../recording-logger';
import { thingsSchema } from './things-schema';

interface StartOptions {
  readonly checks?: HealthChecks;
  readonly background?: readonly Background[];
  readonly maxBodyBytes?: number;
  readonly routes?: (app: FastifyInstance) => void;
}

/** A subgraph on free ports, which can be asked rightly and wrongly. */
export async function startThings(options: StartOptions = {}) {
  const clock = new FakeClock();
  const { logger, lines } = recordingLogger();
  const service = await buildSubgraph<Call>({
    name: 'things',
    version: '1.2.3',
    schema: thingsSchema(),
    createContext: (call) => call,
    signingKeys: testKeys,
    clock,
    logger,
    routes: (app) => void app.get('/public', async () => ({ isPublic: true })),
    ...options,
  });
  const { origin, operationsOrigin } = await service.listen({ host: '127.0.0.1', port: 0, operationsPort: 0 });

  /** Headers that make the service accept `body`, with changes. */
  function signed(body: string, viewer: Viewer = anonymous, extra: Record<string, string> = {}) {
    const signature = signRequest({ method: 'POST', path: '/graphql', body }, viewer, testKeys, clock);
    return { 'content-type': 'application/json', ...signature, ...extra };
  }

  async function post(body: string, headers: Record<string, string> = signed(body), path = '/graphql') {
    const response = await request(origin + path, { method: 'POST', body, headers });
    const text = await response.body.text();
    return { status: response.statusCode, headers: response.headers, text, json: JSON.parse(text) as Answer };
  }

  return {
    clock,
    service,
    origin,
    operationsOrigin,
    lines,
    signed,
    post,
    /** A good request, whose answer is wanted. */
    async ask(query: string, variables: object = {}, headers: Record<string, string> = {}) {
      const body = JSON.stringify({ query, variables });
      return post(body, signed(body, anonymous, { 'x-request-id': randomUUID(), ...headers }));
    },
    async get(path: string, from = origin) {
      const response = await request(from + path);
      return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
    },
  };
}

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; path?: unknown; extensions: { code: string; fields?: unknown } }[];
}
