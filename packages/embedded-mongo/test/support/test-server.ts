import { randomBytes } from 'node:crypto';
import { mongo } from 'mongoose';
import { EmbeddedMongo } from '../../src';

/** The types of `_id` that the tests use; the driver wants to know. */
type TestId = string | number | mongo.ObjectId | null;

/** A document of a test: anything, with an `_id`. */
export interface TestDocument extends mongo.Document {
  _id: TestId;
}

/** A document whose `_id` is left to the driver. */
export const withoutId = (document: mongo.Document): TestDocument => document as TestDocument;

/** A connected client with a database that is empty. */
export interface TestServer {
  readonly uri: string;
  readonly client: mongo.MongoClient;
  readonly db: mongo.Db;
  /** False for a real MongoDB, which takes what the embedded server refuses. */
  readonly isEmbedded: boolean;
  /** A new collection that holds the documents; without any it does not exist yet. */
  collectionOf(...documents: mongo.Document[]): Promise<mongo.Collection<TestDocument>>;
  stop(): Promise<void>;
}

/**
 * A server of the test file's own. Where MONGODB_URI names a real MongoDB, the same tests hold for that one.
 */
export async function startTestServer(): Promise<TestServer> {
  const real = await realServer();
  const embedded = real === undefined ? await EmbeddedMongo.start() : undefined;
  const uri = embedded?.uri ?? real ?? '';
  const client = await mongo.MongoClient.connect(uri);
  const db = client.db(`test_${randomBytes(6).toString('hex')}`);
  let collections = 0;
  return {
    uri,
    client,
    db,
    isEmbedded: embedded !== undefined,
    async collectionOf(...documents) {
      const collection = db.collection<TestDocument>(`collection${++collections}`);
      if (documents.length > 0) await collection.insertMany(documents.map(withoutId));
      return collection;
    },
    async stop() {
      await db.dropDatabase();
      await client.close();
      await embedded?.stop();
    },
  };
}

/** What MONGODB_URI names, unless it is an embedded server, which the set-up of all tests starts. */
async function realServer(): Promise<string | undefined> {
  const uri = process.env.MONGODB_URI;
  if (uri === undefined) return undefined;
  const client = await mongo.MongoClient.connect(uri);
  const { gitVersion } = await client.db('admin').command({ buildInfo: 1 });
  await client.close();
  return gitVersion === 'embedded' ? undefined : uri;
}

/** The `_id` of each document. */
export const idsOf = (documents: readonly TestDocument[]): TestId[] => documents.map(({ _id }) => _id);

/** Builds one index, and gives its name. */
export async function createIndex<Document extends mongo.Document>(
  collection: mongo.Collection<Document>,
  key: mongo.IndexDescription['key'],
  options: Omit<mongo.IndexDescription, 'key'> = {},
): Promise<string> {
  const [name = ''] = await collection.createIndexes([{ key, ...options }]);
  return name;
}
