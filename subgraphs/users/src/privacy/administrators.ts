import type { MongoConnection, Transaction } from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import type { User } from '../accounts/user';
import type { UserStore } from '../accounts/user-store';

const ADMINISTRATOR = 'ADMIN';

interface GuardDocument {
  _id: string;
  version: number;
}

const guardSchema = new Schema<GuardDocument>(
  { _id: { type: String, required: true }, version: { type: Number, required: true } },
  { collection: 'guards', versionKey: false },
);

/** Knows whether there would be an administrator left. */
export class Administrators {
  private readonly guards: Model<GuardDocument>;

  constructor(
    connection: MongoConnection,
    private readonly users: UserStore,
  ) {
    this.guards = connection.model<GuardDocument>('Guard', guardSchema);
  }

  /** Whether the user is the only one who can administer the shop; it stays true until `tx` has ended. */
  async isLast({ id, status, roleIds }: User, tx: Transaction): Promise<boolean> {
    if (status !== 'ACTIVE' || !roleIds.includes(ADMINISTRATOR)) return false;
    // Two who leave at once would each see the other; now one of them has to come again.
    await this.guards.updateOne({ _id: 'administrators' }, { $inc: { version: 1 } }, { upsert: true, session: tx });
    return !(await this.users.hasOtherActive(ADMINISTRATOR, id, tx));
  }
}
