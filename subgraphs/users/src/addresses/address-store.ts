import {
  fromStored,
  type MongoConnection,
  replaceVersion,
  type Stored,
  toStored,
  type Transaction,
  trusted,
} from '@shopgraph/kit';
import { type Model, Schema } from 'mongoose';
import { type Address, type AddressBook, emptyBook } from './address';

type BookDocument = Stored<AddressBook>;

const addressSchema = new Schema<Address>(
  {
    id: { type: String, required: true },
    name: { type: String, required: true },
    line1: { type: String, required: true },
    line2: { type: String, default: null },
    city: { type: String, required: true },
    region: { type: String, default: null },
    postalCode: { type: String, default: null },
    country: { type: String, required: true },
    phone: { type: String, default: null },
    isDefaultShipping: { type: Boolean, required: true },
    isDefaultBilling: { type: Boolean, required: true },
    createdAt: { type: Date, required: true },
    version: { type: Number, required: true },
  },
  { _id: false, id: false },
);

const bookSchema = new Schema<BookDocument>(
  {
    _id: { type: String, required: true },
    addresses: { type: [addressSchema], required: true },
    version: { type: Number, required: true },
  },
  { collection: 'addressBooks', versionKey: false },
);

/** Address books in MongoDB, one document for each user who keeps addresses. */
export class AddressStore {
  private readonly books: Model<BookDocument>;

  constructor(connection: MongoConnection) {
    this.books = connection.model<BookDocument>('AddressBook', bookSchema);
  }

  /** The book of a user; an empty one for whoever keeps no addresses. */
  async bookOf(userId: string, tx: Transaction): Promise<AddressBook> {
    const found = await this.books.findById(userId).session(tx).lean<BookDocument>();
    return found ? fromStored<AddressBook>(found) : emptyBook(userId);
  }

  /** The books of those among these users who have one, in one query and any order. */
  async booksOf(userIds: readonly string[]): Promise<AddressBook[]> {
    const found = await this.books.find({ _id: trusted({ $in: userIds }) }).lean<BookDocument[]>();
    return found.map(fromStored<AddressBook>);
  }

  /**
   * Saves a book whose `version` was raised by one; CONFLICT as in `replaceVersion`, and MongoDB's duplicate key
   * error when another first address was faster.
   */
  async save(book: AddressBook, tx: Transaction): Promise<void> {
    if (book.version === 1) await this.books.insertMany([toStored(book)], { session: tx });
    else await replaceVersion(this.books, toStored(book), tx);
  }

  /** Forgets all addresses of a user. An empty book stays, so that a simultaneous change of it conflicts. */
  async removeAllOf(userId: string, tx: Transaction): Promise<void> {
    const change = { $set: { addresses: [] }, $inc: { version: 1 } };
    await this.books.updateOne({ _id: userId }, change, { session: tx, upsert: true });
  }
}
