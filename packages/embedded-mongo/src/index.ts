export { removeDirectory } from './storage/directory-lock';
export { EmbeddedMongo, type EmbeddedMongoOptions } from './server';
