import { type BsonDocument, isDocument } from '../bson/values';
import type { CommandHandler, CommandTable } from './command';
import { sessionId } from './sessions';

const commitTransaction: CommandHandler = ({ command, server }) => {
  server.sessions.commit(command);
  return {};
};

const abortTransaction: CommandHandler = ({ command, server }) => {
  server.sessions.abort(command);
  return {};
};

const endSessions: CommandHandler = ({ command, server }) => {
  server.sessions.end(namedSessions(command));
  return {};
};

const killAllSessions: CommandHandler = ({ server }) => {
  server.sessions.endAll();
  return {};
};

/** The commands on sessions and their transactions. */
export const sessionCommands: CommandTable = {
  commitTransaction,
  abortTransaction,
  endSessions,
  killSessions: endSessions,
  killAllSessions,
  // Sessions here do not expire.
  refreshSessions: () => ({}),
};

/** `{endSessions: [{id: …}]}` lists the sessions under the command's own name. */
function namedSessions(command: BsonDocument): string[] {
  const [list] = Object.values(command);
  return Array.isArray(list) ? list.filter(isDocument).flatMap((lsid) => sessionId({ lsid }) ?? []) : [];
}
