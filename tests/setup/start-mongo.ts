// By its path, because Jest resolves what a set-up imports without our export conditions.
import { EmbeddedMongo } from '../../packages/embedded-mongo/src/index';

declare global {
  var embeddedMongo: EmbeddedMongo | undefined;
}

/** Starts the server that all test files share, unless MONGODB_URI names one. */
export default async function startMongo(): Promise<void> {
  if (process.env.MONGODB_URI) return;
  const mongo = await EmbeddedMongo.start({});
  globalThis.embeddedMongo = mongo;
  // Jest's workers inherit the environment as it is after the set-up.
  process.env.MONGODB_URI = mongo.uri;
}
