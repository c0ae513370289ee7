import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, signingKeysSchema, systemClock } from '@shopgraph/kit';
import { KeyAuthority } from '../../src/api-keys/key-authority';
import { SIGNING_KEYS } from '../start-gateway';

const IDENTITY = { id: 'apikey_1', ownerId: 'user_1', permissions: [], validUntil: null };
const SECRET = { keyId: 'apikey_1', secretHash: 'h', ip: '127.0.0.1' };
const REQUEST = {
  ...{ keyId: 'apikey_1', timestamp: '1', nonce: 'n', method: 'POST', path: '/graphql' },
  ...{ bodyHash: 'h', signature: 's', ip: '127.0.0.1' },
};

/** How a replica of users behaves. */
type Behaviour = 'knows' | 'refuses' | 'cuts' | 'is away';

const stops: (() => void)[] = [];
async function replica(behaviour: Behaviour) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      asked.push(behaviour);
      if (behaviour === 'cuts') return void request.socket.destroy();
      const refusal = { identity: null, userErrors: [{ code: 'UNAUTHENTICATED' }] };
      const answer = behaviour === 'knows' ? { identity: IDENTITY, userErrors: [] } : refusal;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: { answer } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const stop = (): void => void server.close().closeAllConnections();
  if (behaviour === 'is away') stop();
  else stops.push(stop);
  return { url, asked };
}

let authority: KeyAuthority;
beforeEach(() => {
  const logger = createLogger({ service: 'gateway', level: 'silent' });
  const signingKeys = signingKeysSchema.parse(SIGNING_KEYS);
  authority = new KeyAuthority({ signingKeys, timeoutMs: 2_000, clock: systemClock, logger });
});
afterEach(async () => {
  await authority.close();
  for (const stop of stops.splice(0)) stop();
});

async function among(...behaviours: Behaviour[]) {
  const replicas = await Promise.all(behaviours.map(replica));
  authority.moveTo(replicas.map(({ url }) => url));
  return replicas;
}

describe('the replicas of users', () => {
  it.each(['cuts', 'is away'] as const)('are asked for a secret in turn when one %s', async (behaviour) => {
    const [, second] = await among(behaviour, 'knows');
    await expect(authority.bySecret(SECRET, 'request 1')).resolves.toEqual(IDENTITY);
    await expect(authority.bySecret(SECRET, 'request 2')).resolves.toEqual(IDENTITY);
    expect(second?.asked).toHaveLength(2);
  });

  it('are asked with the one first that has answered last', async () => {
    const [first, second] = await among('cuts', 'knows');
    await authority.bySecret(SECRET, 'request 1');
    const before = first?.asked.length;
    await authority.bySecret(SECRET, 'request 2');
    expect(first?.asked.length).toBe(before);
    expect(second?.asked).toHaveLength(2);
  });

  it('are not asked once more after a refusal', async () => {
    const [, second] = await among('refuses', 'knows');
    await expect(authority.bySecret(SECRET, 'request 1')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(second?.asked).toEqual([]);
  });

  it('are asked about a signature once only, because its nonce may be known then', async () => {
    const [first, second] = await among('cuts', 'knows');
    await expect(authority.bySignature(REQUEST, 'request 1')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect([first?.asked.length, second?.asked.length]).toEqual([1, 0]);
  });

  it('are asked about a signature in turn when one cannot have been asked', async () => {
    await among('is away', 'knows');
    await expect(authority.bySignature(REQUEST, 'request 1')).resolves.toEqual(IDENTITY);
  });

  it('may all be away', async () => {
    await among('is away', 'is away');
    await expect(authority.bySecret(SECRET, 'request 1')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    authority.moveTo([]);
    await expect(authority.bySecret(SECRET, 'request 2')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
