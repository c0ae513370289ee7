import { type MongoConnection, replaceVersion, type Transaction, trusted } from '@shopgraph/kit';
import type { Model } from 'mongoose';
import type { User } from './user';
import { documentOf, type UserDocument, userModel, userOf } from './user-document';

/** Users in MongoDB. */
export class UserStore {
  private readonly users: Model<UserDocument>;

  constructor(connection: MongoConnection) {
    this.users = userModel(connection);
  }

  /** As they are now, whichever member answers other reads. */
  async byId(id: string, tx?: Transaction): Promise<User | null> {
    const found = await this.users
      .findById(id)
      .session(tx ?? null)
      .read('primary')
      .lean<UserDocument>();
    return found && userOf(found);
  }

  /** The users with these ids, in one query and any order. */
  async byIds(ids: readonly string[]): Promise<User[]> {
    const found = await this.users.find({ _id: trusted({ $in: ids }) }).lean<UserDocument[]>();
    return found.map(userOf);
  }

  /** @param email In the spelling of `normaliseEmail`. */
  async byEmail(email: string, tx?: Transaction): Promise<User | null> {
    const found = await this.users
      .findOne({ email })
      .session(tx ?? null)
      .lean<UserDocument>();
    return found && userOf(found);
  }

  /** Those who have this role, whatever the state of their account. */
  async havingRole(roleId: string, tx: Transaction): Promise<Pick<User, 'id' | 'roleIds'>[]> {
    const found = await this.users
      .find({ roleIds: roleId }, { roleIds: 1 })
      .session(tx)
      .lean<Pick<UserDocument, '_id' | 'roleIds'>[]>();
    return found.map(({ _id, roleIds }) => ({ id: _id, roleIds }));
  }

  /** Whether anybody has this role, whatever the state of their account. */
  async isRoleInUse(roleId: string, tx: Transaction): Promise<boolean> {
    return (await this.users.exists({ roleIds: roleId }).session(tx)) !== null;
  }

  /** Whether somebody else who can sign in has this role. */
  async hasOtherActive(roleId: string, exceptId: string, tx: Transaction): Promise<boolean> {
    const others = { roleIds: roleId, status: 'ACTIVE' as const, _id: trusted({ $ne: exceptId }) };
    return (await this.users.findOne(others, { _id: 1 }).session(tx).lean()) !== null;
  }

  /** Rejects with MongoDB's duplicate key error when somebody has the address already. */
  async add(user: User, tx: Transaction): Promise<void> {
    await this.users.insertMany([documentOf(user)], { session: tx });
  }

  /**
   * For a transaction that relies on what it has read of a user and changes nothing of them: of it and another one
   * that changes them at the same time, or relies on them too, one starts again and sees what the other has done. So
   * nobody is signed in to an account that is being closed, or with a password that is being replaced.
   */
  async lock(id: string, tx: Transaction): Promise<void> {
    await this.users.updateOne({ _id: id }, { $inc: { locks: 1 } }, { session: tx });
  }

  /** Saves a user whose `version` was raised by one; CONFLICT as in `replaceVersion`. */
  update(user: User, tx: Transaction): Promise<void> {
    return replaceVersion(this.users, documentOf(user), tx);
  }
}
