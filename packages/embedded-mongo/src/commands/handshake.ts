import { MAX_MESSAGE_BYTES } from '../wire/framing';
import type { CommandHandler, CommandTable } from './command';
import { REPLICA_SET, SERVER_VERSION } from './server-state';

const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
const MAX_STATEMENTS = 100_000;
/** Of MongoDB 7.0. */
const WIRE_VERSION = 21;

/** Drivers take the server for the primary of a replica set of one, so that they use transactions and change streams. */
const hello: CommandHandler = ({ server, connection }) => ({
  helloOk: true,
  ismaster: true,
  isWritablePrimary: true,
  secondary: false,
  setName: REPLICA_SET,
  setVersion: 1,
  hosts: [connection.serverAddress],
  primary: connection.serverAddress,
  me: connection.serverAddress,
  electionId: server.electionId,
  maxBsonObjectSize: MAX_DOCUMENT_BYTES,
  maxMessageSizeBytes: MAX_MESSAGE_BYTES,
  maxWriteBatchSize: MAX_STATEMENTS,
  localTime: new Date(),
  logicalSessionTimeoutMinutes: 30,
  connectionId: connection.id,
  minWireVersion: 0,
  maxWireVersion: WIRE_VERSION,
  readOnly: false,
});

const buildInfo: CommandHandler = () => ({
  version: SERVER_VERSION,
  versionArray: [...SERVER_VERSION.split('.').map(Number), 0],
  gitVersion: 'embedded',
  modules: [],
  storageEngines: ['embedded'],
  javascriptEngine: 'none',
  bits: 64,
  debug: false,
  maxBsonObjectSize: MAX_DOCUMENT_BYTES,
});

/** The commands by which a driver learns whom it talks to. */
export const handshakeCommands: CommandTable = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: () => ({}),
  buildInfo,
  buildinfo: buildInfo,
};
