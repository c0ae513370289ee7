import { fromStored, type MongoConnection, type Stored, toStored } from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import { type User, USER_STATUSES } from './user';
import { searchFieldsOf, type UserSearchFields } from './user-search';

/** A user, and what they are found by; `locks` counts, see `UserStore.lock`. */
export type UserDocument = Stored<User> & UserSearchFields & { readonly locks?: number };

const userSchema = new Schema<UserDocument>(
  {
    _id: { type: String, required: true },
    email: { type: String, required: true, unique: true },
    name: { type: String, required: true },
    passwordHash: { type: String, required: true },
    status: { type: String, required: true, enum: USER_STATUSES },
    emailVerified: { type: Boolean, required: true },
    roleIds: { type: [String], required: true },
    createdAt: { type: Date, required: true },
    version: { type: Number, required: true },
    locks: { type: Number, default: 0 },
    nameSort: { type: String, required: true },
    searchWords: { type: [String], required: true },
  },
  { collection: 'users', versionKey: false },
);

/** Every order in which users can be listed; `_id` follows, ascending. */
export const USER_SORTS = {
  CREATED_AT_ASC: { createdAt: 1 },
  CREATED_AT_DESC: { createdAt: -1 },
  NAME_ASC: { nameSort: 1 },
  NAME_DESC: { nameSort: -1 },
  EMAIL_ASC: { email: 1 },
  EMAIL_DESC: { email: -1 },
} as const;

export type UserSort = keyof typeof USER_SORTS;

for (const sort of Object.values(USER_SORTS)) userSchema.index({ ...sort, _id: 1 });
userSchema.index({ status: 1, createdAt: -1, _id: 1 });
userSchema.index({ roleIds: 1, createdAt: -1, _id: 1 });
userSchema.index({ roleIds: 1, status: 1 });
userSchema.index({ searchWords: 1 });

/** The users of a database. */
export function userModel(connection: MongoConnection): Model<UserDocument> {
  return connection.models.User ?? connection.model<UserDocument>('User', userSchema);
}

/** The user that a document holds, without what they are found by. */
export function userOf({ nameSort: _name, searchWords: _words, locks: _locks, ...document }: UserDocument): User {
  return fromStored<User>(document);
}

/** A user as they are stored. */
export function documentOf(user: User): UserDocument {
  return { ...toStored(user), ...searchFieldsOf(user) };
}
