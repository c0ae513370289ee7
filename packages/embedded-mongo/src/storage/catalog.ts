import type { BsonDocument } from '../bson/values';
import { MongoError } from '../errors';
import { Collection } from './collection';

/** Which collections there are, by database and name. */
export class Catalog {
  private readonly databases = new Map<string, Map<string, Collection>>();

  /** The names of the databases that have collections. */
  get databaseNames(): string[] {
    return [...this.databases].filter(([, collections]) => collections.size > 0).map(([name]) => name);
  }

  /** The bytes of all documents. */
  get bytes(): number {
    let bytes = 0;
    for (const collection of this.all()) bytes += collection.bytes;
    return bytes;
  }

  find(database: string, name: string): Collection | undefined {
    return this.databases.get(database)?.get(name);
  }

  /** The collections of a database, in the order in which they were made. */
  collectionsOf(database: string): Collection[] {
    return [...(this.databases.get(database)?.values() ?? [])];
  }

  /** Every collection of every database. */
  *all(): Generator<Collection> {
    for (const collections of this.databases.values()) yield* collections.values();
  }

  /** @throws MongoError InvalidNamespace when the name cannot be one. */
  create(database: string, name: string, options: BsonDocument): Collection {
    const collection = new Collection(database, name, options);
    this.add(collection);
    return collection;
  }

  remove(collection: Collection): void {
    this.databases.get(collection.database)?.delete(collection.name);
  }

  removeDatabase(database: string): void {
    this.databases.delete(database);
  }

  /** @throws MongoError InvalidNamespace when the name cannot be one. */
  rename(collection: Collection, database: string, name: string): void {
    this.remove(collection);
    collection.database = database;
    collection.name = name;
    this.add(collection);
  }

  private add(collection: Collection): void {
    const { database, name } = collection;
    if (name === '' || name.includes('$') || name.includes('\0')) {
      throw new MongoError(73, 'InvalidNamespace', `Invalid collection name: ${name}`);
    }
    if (database === '' || /[/\\. "$*<>:|?\0]/.test(database)) {
      throw new MongoError(73, 'InvalidNamespace', `Invalid database name: ${database}`);
    }
    const collections = this.databases.get(database) ?? new Map<string, Collection>();
    this.databases.set(database, collections);
    collections.set(name, collection);
  }
}
