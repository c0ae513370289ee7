import Fastify, { type FastifyBaseLogger } from 'fastify';
import { createLogger } from '../../src/logger';
import { requestFields, requestLogging } from '../../src/request-logging';
import { recordingLogger } from '../recording-logger';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** The line that logging `fields` writes. */
function lineOf(fields: object): Record<string, unknown> {
  const { logger, lines } = recordingLogger();
  logger.info(fields, 'something happened');
  return lines()[0]!;
}

describe('a log line', () => {
  it('has the fields of the Elastic Common Schema', () => {
    const line = lineOf({ sku: 'TEE', units: 3 });
    expect(line).toMatchObject({
      'log.level': 'info',
      message: 'something happened',
      'service.name': 'things',
      'service.version': '1.2.3',
      'ecs.version': expect.stringMatching(/^\d+\.\d+/) as string,
      'process.pid': process.pid,
      sku: 'TEE',
      units: 3,
    });
    expect(new Date(String(line['@timestamp'])).toISOString()).toBe(line['@timestamp']);
  });

  it('has type, message and stack of an error, and the stacks of its causes', () => {
    const cause = new Error('connection reset');
    const { error } = lineOf({ err: new TypeError('cannot load', { cause }) });
    expect(error).toMatchObject({ type: 'TypeError', message: 'cannot load' });
    expect((error as { stack_trace: string }).stack_trace).toMatch(
      /^TypeError: cannot load\n.*caused by: Error: connection reset/s,
    );
  });

  it('says what was thrown that is no error', () => {
    expect(lineOf({ err: 'gone' })).toMatchObject({ error: { message: 'gone' } });
    expect(lineOf({ err: { reason: 'gone', token: 'tok_1' } })).toMatchObject({
      error: { message: '{"reason":"gone","token":"[redacted]"}' },
    });
  });

  it('is left out below the level', () => {
    const written: string[] = [];
    const destination = { write: (line: string) => void written.push(line) };
    createLogger({ service: 'things', level: 'warn', destination }).info('unheard');
    expect(written).toEqual([]);
  });

  it('has no field twice, in a child of a child either', () => {
    const written: string[] = [];
    const destination = { write: (line: string) => void written.push(line) };
    const logger = createLogger({ service: 'things', version: '1.2.3', level: 'info', destination });
    logger.child({ consumer: 'stock' }).child({ attempt: 1 }).info({ sku: 'TEE' }, 'done');
    const names = [...written.join('').matchAll(/"([\w@.]+)":/g)].map(([, name]) => name);
    expect(names).toEqual([...new Set(names)]);
    expect(names).toEqual(expect.arrayContaining(['service.name', 'consumer', 'attempt', 'sku']));
  });
});

describe('what nobody should read in a log', () => {
  const secret = 'do-not-show';

  it.each([
    ['at the top', { password: secret }],
    ['in an input', { variables: { input: { email: secret, refreshToken: secret } } }],
    ['in a list', { users: [{ phone: secret }] }],
    ['deep down', { a: { b: { c: { d: { e: [{ shippingAddress: { city: secret } }] } } } } }],
    ['in request headers', { req: { headers: { authorization: secret, cookie: secret, 'X-Signature': secret } } }],
    ['in response headers', { res: { headers: { 'Set-Cookie': [secret] } } }],
    ['under a name written otherwise', { access_token: secret, 'api-key': secret }],
    ['in what JSON makes of an object', { user: { toJSON: () => ({ email: secret }) } }],
    ["in an error's own fields", { err: Object.assign(new Error('refused'), { config: { password: secret } }) }],
  ])('is not there %s', (_where, fields) => {
    const line = JSON.stringify(lineOf(fields));
    expect(line).not.toContain(secret);
    expect(line).toMatch(/\[redacted\]|refused/);
  });

  it('does not take the rest with it', () => {
    const at = new Date('2026-01-01T00:00:00Z');
    const fields = { order: { id: 'ord_1', email: secret, lines: [{ sku: 'TEE', quantity: 2 }] }, at, none: null };
    expect(lineOf(fields)).toMatchObject({
      order: { id: 'ord_1', email: '[redacted]', lines: [{ sku: 'TEE', quantity: 2 }] },
      at: '2026-01-01T00:00:00.000Z',
      none: null,
    });
  });

  it('is not looked for in circles', () => {
    const order: Record<string, unknown> = { id: 'ord_1' };
    order.self = order;
    expect(lineOf({ order })).toMatchObject({ order: { id: 'ord_1', self: '[circular]' } });
  });
});

describe('the lines of a request', () => {
  it('tell which request and which trace they belong to', () => {
    const expected = { 'http.request.id': 'req_1', 'trace.id': '0af7651916cd43dd8448eb211c80319c' };
    expect(requestFields({ requestId: 'req_1', traceparent })).toEqual(expected);
  });

  it.each([null, '', 'garbage', '00-XYZ-b7ad6b7169203331-01'])('tell no trace where there is none: %j', (none) => {
    expect(requestFields({ requestId: 'req_1', traceparent: none })).toEqual({ 'http.request.id': 'req_1' });
  });

  it('do so by themselves on a Fastify server', async () => {
    const { logger, lines } = recordingLogger();
    const loggerInstance: FastifyBaseLogger = logger;
    const app = Fastify({ loggerInstance, ...requestLogging, requestIdHeader: 'x-request-id' });
    app.get('/', async (request) => {
      request.log.info('seen');
      return 'ok';
    });
    await app.inject({ url: '/', headers: { 'x-request-id': 'req_1', traceparent } });
    await app.close();
    expect(lines()).toMatchObject([
      { message: 'seen', 'http.request.id': 'req_1', 'trace.id': '0af7651916cd43dd8448eb211c80319c' },
    ]);
    expect(lines()[0]).not.toHaveProperty('reqId');
  });
});
