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
/** `grants` counts how often it was given, so that giving it and deleting it at the same time exclude each other. */
type RoleDocument = Stored<CustomRole> & { grants: number };

const roleSchema = new Schema<RoleDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    permissions: { type: [String], required: true },
    version: { type: Number, required: true },
    grants: { type: Number, default: 0 },
  },
  { collection: 'roles', versionKey: false },
);

/** The custom roles, in MongoDB. */
export class RoleStore {
  private readonly roles: Model<RoleDocument>;

  constructor(connection: MongoConnection) {
    this.roles = connection.model<RoleDocument>('Role', roleSchema);
  }

  async byId(id: string, tx: Transaction): Promise<Role | null> {
    const found = await this.roles.findById(id).session(tx).lean<RoleDocument>();
    return found && toRole(found);
  }

  /** The custom roles with these ids as they are now, in one query and any order. */
  async byIds(ids: readonly string[], tx?: Transaction): Promise<Role[]> {
    const found = await this.roles
      .find({ _id: trusted({ $in: ids }) })
      .session(tx ?? null)
      .read('primary')
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

  /** Notes that somebody is given these roles, which must not be deleted meanwhile; ids of others are ignored. */
  async noteGrant(ids: readonly string[], tx: Transaction): Promise<void> {
    await this.roles.updateMany({ _id: trusted({ $in: ids }) }, { $inc: { grants: 1 } }, { session: tx });
  }

  async remove(id: string, tx: Transaction): Promise<void> {
    await this.roles.deleteOne({ _id: id }, { session: tx });
  }

  /** Saves a role whose `version` was raised by one; CONFLICT as in `replaceVersion`. */
  update(role: Role, tx: Transaction): Promise<void> {
    return replaceVersion(this.roles, toDocument(role), tx);
  }
}

function toDocument({ builtIn: _builtIn, ...role }: Role): RoleDocument {
  return { ...toStored(role), grants: 0 };
}

/** Without what the program knows no more: a permission that is gone permits nothing. */
function toRole(document: RoleDocument): Role {
  const { id, name, permissions, version } = fromStored<CustomRole>(document);
  return { id, name, permissions: permissions.filter(isPermission).sort(), builtIn: false, version };
}
