import os from 'node:os';
import { Long } from 'bson';
import type { BsonDocument } from '../bson/values';
import { badValue } from '../errors';
import type { CommandHandler, CommandTable } from './command';
import { REPLICA_SET, SERVER_VERSION } from './server-state';

const serverStatus: CommandHandler = ({ server }) => ({
  host: server.address,
  version: SERVER_VERSION,
  process: 'mongod',
  pid: Long.fromNumber(process.pid),
  uptime: (Date.now() - server.startedAt.getTime()) / 1000,
  localTime: new Date(),
  connections: { current: server.connectionCount() },
  storageEngine: { name: 'embedded' },
  repl: { setName: REPLICA_SET, primary: server.address },
  opcounters: Object.fromEntries(server.commandCounts),
  mem: { resident: Math.round(process.memoryUsage.rss() / 2 ** 20) },
});

const replSetGetStatus: CommandHandler = ({ server }) => ({
  set: REPLICA_SET,
  myState: 1,
  members: [{ _id: 0, name: server.address, state: 1, stateStr: 'PRIMARY', health: 1, self: true }],
});

const getParameter: CommandHandler = ({ command }): BsonDocument => {
  if (command.featureCompatibilityVersion === undefined) throw badValue('no option found to get');
  return { featureCompatibilityVersion: { version: SERVER_VERSION.split('.').slice(0, 2).join('.') } };
};

const connectionStatus: CommandHandler = () => ({
  authInfo: { authenticatedUsers: [], authenticatedUserRoles: [], authenticatedUserPrivileges: [] },
});

const hostInfo: CommandHandler = () => ({
  system: { currentTime: new Date(), hostname: os.hostname(), numCores: os.cpus().length },
  os: { type: os.type(), name: os.platform(), version: os.release() },
  extra: {},
});

/** The commands by which people and their tools look at a server. */
export const diagnosticCommands: CommandTable = {
  serverStatus,
  replSetGetStatus,
  getParameter,
  connectionStatus,
  hostInfo,
  getLog: () => ({ totalLinesWritten: 0, log: [] }),
  getCmdLineOpts: () => ({ argv: [], parsed: {} }),
  whatsmyuri: ({ connection }) => ({ you: `client ${connection.id}` }),
};
