import BTree from 'sorted-btree';
import { EMPTY_ARRAY_KEY, encodeKey, inverted } from '../bson/key';
import { isTruthy, toNumber } from '../bson/numbers';
import { valuesAt } from '../bson/path';
import { type BsonDocument, isNumber, type MaybeValue } from '../bson/values';
import { MongoError } from '../errors';
import { type Collation, collationOf } from '../query/collation';
import { compileFilter, type DocumentPredicate } from '../query/matcher';
import type { StoredRecord } from './record';
import type { Transaction } from './transaction';

/** One field of an index key. */
export interface IndexField {
  readonly path: string;
  readonly parts: readonly string[];
  readonly direction: 1 | -1;
}

/** Keys from `low` on, up to all that begin with `high`. */
export interface KeyRange {
  readonly low: string;
  readonly high: string;
}

/** A key that a transaction has taken and not committed. */
export interface Claim {
  readonly transaction: Transaction;
  readonly id: string;
}

/** Comes after every character of a key, so that it ends the range of keys with one beginning. */
const AFTER_ALL = '\u0100';
const SEQUENCE_LENGTH = 4;

const compareKeys = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** An index of a collection: the records in the order of the values of its fields. */
export class CollectionIndex {
  readonly name: string;
  readonly fields: readonly IndexField[];
  readonly isUnique: boolean;
  readonly isSparse: boolean;
  readonly isText: boolean;
  readonly collation: Collation | undefined;
  /** Keys that open transactions have taken, by key; unique indexes only. */
  readonly claims = new Map<string, Claim>();
  /** Whether some document has several keys here, because of an array. */
  isMultikey = false;
  /** How many queries have used it. */
  uses = 0;
  private readonly covers: DocumentPredicate;
  private readonly tree = new BTree<string, StoredRecord>(undefined, compareKeys);

  /** @param specification As `createIndexes` takes it and `listIndexes` gives it. */
  constructor(public specification: BsonDocument) {
    this.name = specification.name as string;
    this.isText = Object.values(this.key).includes('text');
    this.fields = Object.entries(this.key).map(([path, order]) => ({
      path,
      parts: path.split('.'),
      direction: isNumber(order) && toNumber(order) < 0 ? -1 : 1,
    }));
    this.isUnique = this.name === '_id_' || isTruthy(specification.unique);
    this.isSparse = isTruthy(specification.sparse);
    this.collation = collationOf(specification.collation);
    this.covers = this.partialFilter ? compileFilter(this.partialFilter) : () => true;
  }

  get key(): BsonDocument {
    return this.specification.key as BsonDocument;
  }

  get partialFilter(): BsonDocument | undefined {
    return this.specification.partialFilterExpression as BsonDocument | undefined;
  }

  /** Seconds after which documents expire; undefined when they do not. */
  get expireAfterSeconds(): number | undefined {
    const { expireAfterSeconds } = this.specification;
    return isNumber(expireAfterSeconds) ? toNumber(expireAfterSeconds) : undefined;
  }

  get isHidden(): boolean {
    return isTruthy(this.specification.hidden);
  }

  /** Takes over options that need no rebuilding: `expireAfterSeconds` and `hidden`. */
  configure(options: BsonDocument): void {
    this.specification = { ...this.specification, ...options };
  }

  /** The key of a value in one field of the index. */
  fieldKey(value: MaybeValue, { direction }: IndexField): string {
    const key = encodeKey(value, this.collation?.fold);
    return direction === 1 ? key : inverted(key);
  }

  /**
   * The keys under which the document stands here; none when the index leaves it out.
   * @throws MongoError CannotIndexParallelArrays when two fields hold arrays.
   */
  keysOf(document: BsonDocument): string[] {
    if (this.isText || !this.covers(document)) return [];
    let keys = [''];
    let isPresent = false;
    let arrays = 0;
    for (const field of this.fields) {
      const values = valuesAt(document, field.parts);
      if (values.some((value) => value !== undefined)) isPresent = true;
      const isArray = values.length > 1 || Array.isArray(values[0]);
      if (isArray) {
        this.isMultikey = true;
        if (++arrays > 1)
          throw new MongoError(171, 'CannotIndexParallelArrays', `cannot index parallel arrays [${field.path}]`);
      }
      const parts = isArray ? this.elementKeys(values, field) : [this.fieldKey(values[0], field)];
      const [only] = parts;
      keys =
        parts.length === 1 && only !== undefined
          ? keys.map((key) => key + only)
          : keys.flatMap((key) => parts.map((part) => key + part));
    }
    return this.isSparse && !isPresent ? [] : keys;
  }

  add(keys: readonly string[], record: StoredRecord): void {
    for (const key of keys) this.tree.set(key + encodeSequence(record.sequence), record);
  }

  remove(keys: readonly string[], record: StoredRecord): void {
    for (const key of keys) this.tree.delete(key + encodeSequence(record.sequence));
  }

  /** The records other than `id` that stand under exactly this key. */
  *othersUnder(key: string, id: string): Generator<StoredRecord> {
    let entry = this.tree.getPairOrNextHigher(key);
    while (entry?.[0].startsWith(key)) {
      const [found, record] = entry;
      if (found.length === key.length + SEQUENCE_LENGTH && record.id !== id) yield record;
      entry = this.tree.nextHigherPair(found);
    }
  }

  /** The records in a range of keys, backwards when asked. */
  *records({ low, high }: KeyRange, backwards: boolean): Generator<StoredRecord> {
    const end = high + AFTER_ALL;
    if (backwards) {
      for (const [key, record] of this.tree.entriesReversed(end)) {
        if (key < low) return;
        yield record;
      }
    } else {
      for (const [key, record] of this.tree.entries(low)) {
        if (key > end) return;
        yield record;
      }
    }
  }

  private elementKeys(values: readonly MaybeValue[], field: IndexField): string[] {
    const emptyKey = field.direction === 1 ? EMPTY_ARRAY_KEY : inverted(EMPTY_ARRAY_KEY);
    const keys = values.flatMap((value) => {
      if (!Array.isArray(value)) return [this.fieldKey(value, field)];
      return value.length === 0 ? [emptyKey] : value.map((element) => this.fieldKey(element, field));
    });
    return keys.length === 0 ? [this.fieldKey(null, field)] : [...new Set(keys)];
  }
}

function encodeSequence(sequence: number): string {
  return String.fromCharCode((sequence >>> 24) & 255, (sequence >>> 16) & 255, (sequence >>> 8) & 255, sequence & 255);
}
