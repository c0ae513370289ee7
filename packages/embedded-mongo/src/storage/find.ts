import type { Variables } from '../aggregation/expression';
import { encodeKey } from '../bson/key';
import { toNumber } from '../bson/numbers';
import { type BsonDocument, type MaybeValue } from '../bson/values';
import { type Collation, collationOf } from '../query/collation';
import { compileFilter } from '../query/matcher';
import { sorted, sortFields } from '../query/sort';
import type { Collection } from './collection';
import { planQuery, type QueryPlan } from './planner';
import type { FoundDocument, StoredRecord } from './record';
import type { Transaction } from './transaction';

/** Which documents of a collection are wanted, in which order. */
export interface FindQuery {
  readonly filter: BsonDocument;
  readonly sort?: BsonDocument | undefined;
  readonly skip?: number;
  /** 0 and undefined mean all. */
  readonly limit?: number | undefined;
  readonly hint?: MaybeValue;
  /** Undefined stands for the collection's own. */
  readonly collation?: MaybeValue;
  readonly variables?: Variables | undefined;
}

/** How a query was run, for `explain`. */
export interface FindReport {
  readonly plan: QueryPlan;
  readonly keysExamined: number;
  readonly documentsExamined: number;
  /** Whether the documents had to be sorted after they were found. */
  readonly isSorted: boolean;
  readonly found: FoundDocument[];
}

/**
 * Finds documents as the transaction sees them.
 * @throws MongoError for a query that MongoDB refuses, even where there is no collection.
 */
export function findDocuments(
  collection: Collection | undefined,
  query: FindQuery,
  transaction?: Transaction,
): FoundDocument[] {
  return runFind(collection, query, transaction).found;
}

/** As `findDocuments`, and tells how. */
export function runFind(collection: Collection | undefined, query: FindQuery, transaction?: Transaction): FindReport {
  const { filter, sort = {}, skip = 0, limit = 0, hint, variables } = query;
  const collation = collationOf(query.collation ?? collection?.options.collation);
  const textFields = collection ? collection.textFields : [];
  const matches = compileFilter(filter, { collation, variables, textFields });
  const { $natural: natural, ...fields } = sort;
  const order = sortFields(fields);
  if (!collection) return { plan: undefined, keysExamined: 0, documentsExamined: 0, isSorted: false, found: [] };

  // An index has the order of what is committed, which need not be what the transaction sees.
  const plan = planQuery(collection, { filter, sort: transaction ? [] : order, hint, collation });
  const isReversed = natural !== undefined && toNumber(natural) < 0;
  const isOrdered = order.length === 0 || (plan?.kind === 'index' && plan.sortDirection !== undefined);
  const wanted = limit > 0 && isOrdered && !isReversed ? skip + limit : Infinity;
  const counts = { keysExamined: 0, documentsExamined: 0 };
  const found: FoundDocument[] = [];
  for (const candidate of scan(collection, plan, transaction, counts)) {
    counts.documentsExamined++;
    if (!matches(candidate.document)) continue;
    found.push(candidate);
    if (found.length >= wanted) break;
  }
  const ordered = arranged(found, { order, isOrdered, isReversed, collation });
  const end = limit > 0 ? skip + limit : undefined;
  return {
    plan,
    ...counts,
    isSorted: !isOrdered,
    found: skip > 0 || end !== undefined ? ordered.slice(skip, end) : ordered,
  };
}

interface Arrangement {
  readonly order: ReturnType<typeof sortFields>;
  readonly isOrdered: boolean;
  readonly isReversed: boolean;
  readonly collation: Collation | undefined;
}

function arranged(found: FoundDocument[], { order, isOrdered, isReversed, collation }: Arrangement): FoundDocument[] {
  if (!isOrdered) return sorted(found, order, ({ document }) => document, collation);
  return isReversed ? found.reverse() : found;
}

interface Counts {
  keysExamined: number;
}

function* scan(
  collection: Collection,
  plan: QueryPlan,
  transaction: Transaction | undefined,
  counts: Counts,
): Generator<FoundDocument> {
  if (!transaction) {
    for (const record of candidates(collection, plan, counts)) {
      const { id, document, raw } = record;
      if (document) yield { id, document, raw };
    }
    return;
  }
  const seen = new Set<string>();
  const inSight = function* (records: Iterable<StoredRecord>): Generator<FoundDocument> {
    for (const record of records) {
      if (seen.has(record.id)) continue;
      seen.add(record.id);
      const document = collection.visible(record, transaction);
      if (document) yield { id: record.id, document, raw: document === record.document ? record.raw : null };
    }
  };
  yield* inSight(candidates(collection, plan, counts));
  // An index knows what is committed: what the transaction sees may stand elsewhere, or be its own.
  yield* inSight(collection.versioned);
  for (const { id, document, raw, transaction: writer } of collection.pending.values()) {
    if (writer !== transaction || !document || seen.has(id)) continue;
    yield { id, document, raw };
  }
}

function* candidates(collection: Collection, plan: QueryPlan, counts: Counts): Generator<StoredRecord> {
  if (!plan) {
    yield* collection.records.values();
  } else if (plan.kind === 'id') {
    for (const id of new Set(plan.values.map((value) => encodeKey(value)))) {
      counts.keysExamined++;
      const record = collection.records.get(id);
      if (record) yield record;
    }
  } else {
    plan.index.uses++;
    const isRepetitive = plan.index.isMultikey || plan.ranges.length > 1;
    const seen = new Set<StoredRecord>();
    for (const range of plan.ranges) {
      for (const record of plan.index.records(range, plan.sortDirection === -1)) {
        counts.keysExamined++;
        if (isRepetitive) {
          if (seen.has(record)) continue;
          seen.add(record);
        }
        yield record;
      }
    }
  }
}
