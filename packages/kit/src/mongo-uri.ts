// Not read by `URL`, which takes one host: a replica set's connection string lists several, with their ports.
const CONNECTION_STRING = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/([^?]*))?(\?.*)?$/;

/** The database that a connection string names; empty when it names none. */
export function databaseIn(uri: string): string {
  return CONNECTION_STRING.exec(uri)?.[2] ?? '';
}

/** The same connection string with another database. */
export function withDatabase(uri: string, database: string): string {
  return uri.replace(
    CONNECTION_STRING,
    (_uri, hosts: string, _database, options = '') => `${hosts}/${database}${options}`,
  );
}
