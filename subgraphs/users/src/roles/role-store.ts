import {
  fromStored,
  isPermission,
  type MongoConnection,
  replaceVersion,
  type Stored,
  toStored,
  type Transaction,
  trusted,
} from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import type { Role } from './role';

type CustomRole = Omit<Role, 'builtIn'>;
type RoleDocument = Stored<CustomRole>;

const roleSchema = new Schema<RoleDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    permissions: { type: [String], required: true },
    version: { type: Number, required: true },
  },
  { collection: 'roles', versionKey: false },
);

/** The custom roles, in MongoDB. */
export class RoleStore {
  private readonly roles: Model<RoleDocument>;

  constructor(connection: MongoConnection) {
    this.roles = connection.model<RoleDocument>('Role', roleSchema);
  }

  /** The custom roles with these ids, in one query and any order. */
  async byIds(ids: readonly string[], tx?: Transaction): Promise<Role[]> {
    const found = await this.roles
      .find({ _id: trusted({ $in: ids }) })
      .session(tx ?? null)
      .lean<RoleDocument[]>();
    return found.map(toRole);
  }

  /** All custom roles, by their ids. */
  async all(): Promise<Role[]> {
    const found = await this.roles.find().sort({ _id: 1 }).lean<RoleDocument[]>();
    return found.map(toRole);
  }

  /** Rejects with MongoDB's duplicate key error when there is one with this id. */
  async add(role: Role, tx: Transaction): Promise<void> {
    await this.roles.insertMany([toDocument(role)], { session: tx });
  }

  /** Saves a role whose `version` was raised by one; CONFLICT as in `replaceVersion`. */
  update(role: Role, tx: Transaction): Promise<void> {
    return replaceVersion(this.roles, toDocument(role), tx);
  }
}

function toDocument({ builtIn: _builtIn, ...role }: Role): RoleDocument {
  return toStored(role);
}

/** Without what the program knows no more: a permission that is gone permits nothing. */
function toRole(document: RoleDocument): Role {
  const { permissions, ...role } = fromStored<CustomRole>(document);
  return { ...role, permissions: permissions.filter(isPermission), builtIn: false };
}
