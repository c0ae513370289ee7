import { createHash } from 'node:crypto';
import { type Connection, mongo } from 'mongoose';

const { EJSON } = mongo.BSON;

/**
 * What every collection of these databases holds, as `database.collection` → digest of its documents.
 * @param ignored Names in the same form.
 */
export async function digestOf(
  databases: Readonly<Record<string, Connection>>,
  ignored: readonly string[],
): Promise<Record<string, string>> {
  const entries = Object.entries(databases).map(async ([service, { db }]) => {
    const collections = (await db?.listCollections({}, { nameOnly: true }).toArray()) ?? [];
    const kept = collections.filter(({ name }) => !ignored.includes(`${service}.${name}`));
    return Promise.all(
      kept.map(async ({ name }) => {
        const documents = (await db?.collection(name).find().sort({ _id: 1 }).toArray()) ?? [];
        const hash = createHash('sha256').update(EJSON.stringify(documents)).digest('hex');
        return [`${service}.${name}`, `${documents.length} documents, ${hash.slice(0, 12)}`] as const;
      }),
    );
  });
  return Object.fromEntries((await Promise.all(entries)).flat().sort(([a], [b]) => a.localeCompare(b)));
}
