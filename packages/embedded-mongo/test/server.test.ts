import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { BSON } from 'bson';
import { mongo } from 'mongoose';
import { EmbeddedMongo } from '../src';
import { startServerProcess } from './support/server-process';

const portOf = (uri: string): number => Number(new URL(uri).port);

describe('an embedded server', () => {
  afterEach(() => {
    process.env.NODE_ENV = 'test';
    delete process.env.ALLOW_EMBEDDED;
  });

  it('does not start in production unless it is allowed to', async () => {
    process.env.NODE_ENV = 'production';
    await expect(EmbeddedMongo.start()).rejects.toThrow('ALLOW_EMBEDDED');
    process.env.ALLOW_EMBEDDED = '1';
    const server = await EmbeddedMongo.start();
    await server.stop();
  });

  it('shares a process with others, each with documents of its own', async () => {
    const servers = await Promise.all([EmbeddedMongo.start(), EmbeddedMongo.start()]);
    const clients = await Promise.all(servers.map(({ uri }) => mongo.MongoClient.connect(uri)));
    await clients[0]?.db('shop').collection('things').insertOne({ a: 1 });
    const counts = await Promise.all(clients.map((client) => client.db('shop').collection('things').countDocuments()));
    expect(counts).toEqual([1, 0]);
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all(servers.map((server) => server.stop()));
  });

  it('is reached with and without the name of its replica set, and directly', async () => {
    const server = await EmbeddedMongo.start();
    for (const options of ['', '?replicaSet=rs0', '?directConnection=true', '?retryWrites=true&w=majority']) {
      const client = await mongo.MongoClient.connect(server.uri + options);
      expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
      await client.close();
    }
    await server.stop();
  });

  it('says when its port is taken', async () => {
    const server = await EmbeddedMongo.start();
    await expect(EmbeddedMongo.start({ port: portOf(server.uri) })).rejects.toThrow('EADDRINUSE');
    await server.stop();
  });

  it('stops at once, whoever is connected and waits', async () => {
    const server = await EmbeddedMongo.start();
    const client = await mongo.MongoClient.connect(server.uri, { serverSelectionTimeoutMS: 100 });
    const stream = client.db('shop').collection('things').watch();
    const waiting = stream.next();
    await server.stop();
    await expect(waiting).rejects.toThrow();
    await client.close();
  });
});

describe('a server in a process of its own', () => {
  it('lets the process end when it is told to, whatever was waiting', async () => {
    const { process: server, uri } = await startServerProcess();
    const client = await mongo.MongoClient.connect(uri, { serverSelectionTimeoutMS: 100, retryWrites: false });
    const things = client.db('shop').collection('things');
    await things.insertOne({ a: 1 });
    const session = client.startSession();
    session.startTransaction();
    await things.updateOne({}, { $set: { a: 2 } }, { session });
    const waiting = Promise.allSettled([
      client.db('shop').collection('quiet').watch([], { maxAwaitTimeMS: 60_000 }).next(),
      things.findOneAndUpdate({}, { $inc: { a: 1 } }, { maxTimeMS: 60_000 }),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    server.kill('SIGTERM');
    try {
      expect(await once(server, 'exit', { signal: AbortSignal.timeout(10_000) })).toEqual([0, null]);
    } finally {
      server.kill('SIGKILL');
      await waiting;
      await client.close();
    }
  });
});

/** The bytes of an OP_MSG with one document. */
function message(command: object): Buffer {
  const body = BSON.serialize(command);
  const header = Buffer.alloc(21);
  header.writeInt32LE(21 + body.length, 0);
  header.writeInt32LE(7, 4);
  header.writeInt32LE(2013, 12);
  return Buffer.concat([header, body]);
}

describe('the wire', () => {
  let server: EmbeddedMongo;
  let socket: Socket;
  beforeEach(async () => {
    server = await EmbeddedMongo.start();
    socket = connect(portOf(server.uri), '127.0.0.1');
    await once(socket, 'connect');
  });
  afterEach(async () => {
    socket.destroy();
    await server.stop();
  });

  /** The document of the reply to `command`, which may arrive in pieces. */
  async function nextReply(): Promise<BSON.Document> {
    let received = Buffer.alloc(0);
    while (received.length < 4 || received.length < received.readInt32LE(0)) {
      const [bytes] = (await once(socket, 'data')) as [Buffer];
      received = Buffer.concat([received, bytes]);
    }
    expect(received.readInt32LE(8)).toBe(7);
    return BSON.deserialize(received.subarray(21));
  }

  it('takes a message in pieces', async () => {
    socket.setNoDelay(true);
    for (const byte of message({ ping: 1, $db: 'admin' })) {
      socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await nextReply()).toMatchObject({ ok: 1 });
  });

  it('answers what cannot be done with an error, and stays open', async () => {
    socket.write(message({ nonsense: 1, $db: 'admin' }));
    expect(await nextReply()).toMatchObject({ ok: 0, code: 59 });
    socket.write(message({ ping: 1, $db: 'admin' }));
    expect(await nextReply()).toMatchObject({ ok: 1 });
  });

  it.each([
    ['bytes that are no message', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['an operation that is not known', Buffer.concat([Buffer.from([16, 0, 0, 0]), Buffer.alloc(12, 1)])],
    ['a document that is none', Buffer.concat([message({ ping: 1 }).subarray(0, 21), Buffer.alloc(8, 0xff)])],
  ])('closes on %s', async (_title, bytes) => {
    const whole = Buffer.from(bytes);
    if (whole.length > 21 && whole.readInt32LE(12) === 2013) whole.writeInt32LE(whole.length, 0);
    socket.write(whole);
    await once(socket, 'close');
    expect(socket.destroyed).toBe(true);
  });
});
