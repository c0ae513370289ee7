import { type Connection, createConnection, Schema } from 'mongoose';
import { startTestServer, type TestServer } from './support/test-server';

let server: TestServer;
let connection: Connection;
beforeAll(async () => {
  server = await startTestServer();
  const uri = new URL(server.uri);
  uri.pathname = `/${server.db.databaseName}`;
  connection = await createConnection(uri.href, { autoIndex: false }).asPromise();
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

describe('Mongoose', () => {
  it('populates references', async () => {
    const Author = connection.model('Author', new Schema({ name: String }));
    const Book = connection.model(
      'Book',
      new Schema({ title: String, author: { type: Schema.Types.ObjectId, ref: 'Author' } }),
    );
    const { _id: author } = await Author.create({ name: 'n' });
    await Book.create([
      { title: 't', author },
      { title: 'u', author },
    ]);
    expect(await Book.find({}).sort('title').populate('author').lean()).toMatchObject([
      { title: 't', author: { name: 'n' } },
      { title: 'u', author: { name: 'n' } },
    ]);
  });

  it('refuses to save what somebody else has saved', async () => {
    const List = connection.model('List', new Schema({ items: [Number] }, { optimisticConcurrency: true }));
    const { _id } = await List.create({ items: [1] });
    const [mine, theirs] = [await List.findById(_id).orFail(), await List.findById(_id).orFail()];
    theirs.items.push(2);
    await theirs.save();
    mine.items.push(3);
    await expect(mine.save()).rejects.toMatchObject({ name: 'VersionError' });
  });

  it('builds the indexes of a schema, and finds nothing to change afterwards', async () => {
    const schema = new Schema({ email: { type: String, unique: true }, at: { type: Date, expires: 60 }, text: String });
    schema.index({ text: 'text' });
    const User = connection.model('User', schema);
    await User.syncIndexes();
    await User.create({ email: 'a' });
    await expect(User.create({ email: 'a' })).rejects.toMatchObject({ code: 11000 });
    expect(await User.diffIndexes()).toEqual({ toDrop: [], toCreate: [] });
  });

  it('upserts with defaults and timestamps', async () => {
    const schema = new Schema({ k: String, n: Number, d: { type: Number, default: 7 } }, { timestamps: true });
    const Counter = connection.model('Counter', schema);
    const options = { upsert: true, returnDocument: 'after' } as const;
    const counter = await Counter.findOneAndUpdate({ k: 'a' }, { $inc: { n: 1 } }, options).orFail();
    expect(counter).toMatchObject({ n: 1, d: 7, createdAt: expect.any(Date) });
  });

  it('keeps maps, decimals, big integers, UUIDs and subdocuments', async () => {
    const Typed = connection.model(
      'Typed',
      new Schema({
        map: { type: Map, of: Number },
        decimal: Schema.Types.Decimal128,
        big: BigInt,
        uuid: Schema.Types.UUID,
        subs: [new Schema({ x: Number })],
      }),
    );
    const uuid = '550e8400-e29b-41d4-a716-446655440000';
    const { _id } = await Typed.create({
      map: { a: 1 },
      decimal: '1.5',
      big: 9007199254740993n,
      uuid,
      subs: [{ x: 1 }, { x: 2 }],
    });
    const found = await Typed.findById(_id).orFail();
    expect(found.map?.get('a')).toBe(1);
    expect(found.decimal?.toString()).toBe('1.5');
    expect(found.big).toBe(9007199254740993n);
    expect(found.uuid?.toString()).toBe(uuid);
    found.subs[1]!.x = 9;
    await found.save();
    expect(await Typed.countDocuments({ 'subs.x': 9 })).toBe(1);
  });

  it('tells discriminators apart, walks a cursor and saves in bulk', async () => {
    const Base = connection.model('Base', new Schema({ n: Number }, { discriminatorKey: 'kind' }));
    const Special = Base.discriminator('Special', new Schema({ x: Number }));
    await Base.create({ n: 1 });
    await Special.create({ n: 2, x: 1 });
    expect(await Special.countDocuments()).toBe(1);
    let walked = 0;
    for await (const _document of Base.find().cursor()) walked++;
    expect(walked).toBe(2);
    const all = await Base.find();
    for (const document of all) document.n = (document.n ?? 0) + 10;
    await Base.bulkSave(all);
    expect(await Base.countDocuments({ n: { $gt: 10 } })).toBe(2);
  });

  it('runs a transaction, and undoes it when it throws', async () => {
    const Thing = connection.model('Thing', new Schema({ n: Number }));
    await Thing.createCollection();
    const failing = connection.transaction(async (session) => {
      await Thing.create([{ n: 1 }], { session });
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(await Thing.countDocuments()).toBe(0);
    await connection.transaction((session) => Thing.create([{ n: 1 }], { session }));
    expect(await Thing.countDocuments()).toBe(1);
  });
});
