import type { ObjectId } from 'bson';
import type { Store } from '../storage/store';
import type { Cursors } from './cursors';
import type { Sessions } from './sessions';

/** The version that the server claims: the one whose behaviour it copies. */
export const SERVER_VERSION = '7.0.14';

/** The name of the replica set that the server says to be the only member of. */
export const REPLICA_SET = 'rs0';

/** Everything that the connections of one server share. */
export interface ServerState {
  readonly store: Store;
  readonly cursors: Cursors;
  readonly sessions: Sessions;
  /** host:port, as clients reach it. */
  readonly address: string;
  readonly startedAt: Date;
  readonly electionId: ObjectId;
  /** How often each command was called. */
  readonly commandCounts: Map<string, number>;
  /** How many connections are open. */
  connectionCount(): number;
}
