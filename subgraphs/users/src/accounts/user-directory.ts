import { beginsWith, type Connection, type MongoConnection, type PageArgs, paginate, trusted } from '@shopgraph/kit';
import type { Model, QueryFilter } from 'mongoose';
import type { User, UserStatus } from './user';
import { USER_SORTS, type UserDocument, userModel, userOf, type UserSort } from './user-document';
import { searchFieldsOf, searchTermsOf } from './user-search';

/** How many users get what they are found by at a time. */
const BATCH = 500;

/** Which users to list; null where it does not matter. */
export interface UserQuery {
  /** Words of which each must begin a word of name or address, or the address. */
  readonly search: string | null;
  readonly status: UserStatus | null;
  readonly roleId: string | null;
  readonly createdFrom: Date | null;
  /** The first moment after. */
  readonly createdTo: Date | null;
  readonly sort: UserSort;
  readonly page: PageArgs;
}

/** Finds users by what is said of them. */
export class UserDirectory {
  private readonly users: Model<UserDocument>;

  constructor(connection: MongoConnection) {
    this.users = userModel(connection);
  }

  /** One page of a list. */
  async list({ search, status, roleId, createdFrom, createdTo, sort, page }: UserQuery): Promise<Connection<User>> {
    const created = { ...(createdFrom && { $gte: createdFrom }), ...(createdTo && { $lt: createdTo }) };
    const filter: QueryFilter<UserDocument> = {
      ...(status !== null && { status }),
      ...(roleId !== null && { roleIds: roleId }),
      ...(Object.keys(created).length > 0 && { createdAt: trusted(created) }),
      ...(search !== null && { $and: searchTermsOf(search).map((term) => ({ searchWords: beginsWith(term) })) }),
    };
    const { edges, pageInfo } = await paginate(this.users, { filter, sort: USER_SORTS[sort], page });
    return { edges: edges.map(({ cursor, node }) => ({ cursor, node: userOf(node) })), pageInfo };
  }

  /** Gives users what they are found by who were saved before they could be, or by an older version of the service. */
  async completeSearchFields(): Promise<void> {
    for (let last = ''; ;) {
      const batch = await this.users
        .find({ nameSort: null, _id: trusted({ $gt: last }) }, { name: 1, email: 1, version: 1 })
        .sort({ _id: 1 })
        .limit(BATCH)
        .lean<Pick<UserDocument, '_id' | 'name' | 'email' | 'version'>[]>();
      const final = batch.at(-1);
      if (!final) return;
      await this.users.bulkWrite(
        batch.map(({ _id, version, ...user }) => ({
          // Who was changed meanwhile has them already.
          updateOne: { filter: { _id, version }, update: { $set: searchFieldsOf(user) } },
        })),
      );
      last = final._id;
    }
  }
}
