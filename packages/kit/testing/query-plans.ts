import type { MongoConnection } from '../src/mongo';

type Document = Readonly<Record<string, unknown>>;

interface RecordedCommand {
  readonly name: string;
  readonly command: Document;
}

const EXPLAINED = ['find', 'aggregate', 'update', 'delete', 'findAndModify', 'count', 'distinct'];
/** What the driver adds for its session; `explain` takes none of it. */
const SESSION_FIELDS = [
  'lsid',
  'txnNumber',
  '$db',
  '$clusterTime',
  'startTransaction',
  'autocommit',
  '$readPreference',
  'readConcern',
  'writeConcern',
];

/** Collects, from now on, the commands that look for documents. The connection must monitor commands. */
export function recordCommands(connection: MongoConnection): RecordedCommand[] {
  const recorded: RecordedCommand[] = [];
  connection.getClient().on('commandStarted', ({ commandName, command }) => {
    if (EXPLAINED.includes(commandName)) recorded.push({ name: commandName, command });
  });
  return recorded;
}

/** @throws Error that lists every command which MongoDB would answer by reading a whole collection. */
export async function expectIndexed(connection: MongoConnection, commands: readonly RecordedCommand[]): Promise<void> {
  if (commands.length === 0) throw new Error('no command was recorded');
  const scans: string[] = [];
  for (const { command } of commands) {
    const explained = await connection.db?.command({ explain: withoutSession(command), verbosity: 'queryPlanner' });
    if (hasCollectionScan(explained)) scans.push(JSON.stringify(withoutSession(command)));
  }
  if (scans.length > 0) throw new Error(`these commands read a whole collection:\n${[...new Set(scans)].join('\n')}`);
}

function withoutSession(command: Document): Document {
  const entries = Object.entries(command).filter(([field]) => !SESSION_FIELDS.includes(field));
  return Object.fromEntries(entries);
}

function hasCollectionScan(plan: unknown): boolean {
  if (Array.isArray(plan)) return plan.some(hasCollectionScan);
  if (typeof plan !== 'object' || plan === null) return false;
  return Object.entries(plan).some(
    ([field, value]) =>
      (field === 'stage' && value === 'COLLSCAN') || (field !== 'command' && hasCollectionScan(value)),
  );
}
