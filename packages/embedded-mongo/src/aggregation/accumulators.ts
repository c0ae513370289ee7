import { Decimal128, Double, Int32, Long } from 'bson';
import { compareValues } from '../bson/compare';
import { encodeKey } from '../bson/key';
import { addNumbers, toNumber } from '../bson/numbers';
import {
  type BsonDocument,
  type BsonNumber,
  type BsonValue,
  isDocument,
  isNumber,
  type MaybeValue,
} from '../bson/values';

/** Collects one value of each document of a group. */
export interface Accumulator {
  add(value: MaybeValue): void;
  result(): MaybeValue;
}

/** The accumulators that are calculated here, exactly and in the types of the values. */
export const ACCUMULATORS: ReadonlyMap<string, () => Accumulator> = new Map<string, () => Accumulator>([
  ['$sum', sum],
  ['$count', count],
  ['$avg', average],
  ['$min', () => extreme(-1)],
  ['$max', () => extreme(1)],
  ['$first', first],
  ['$last', last],
  ['$push', push],
  ['$addToSet', addToSet],
  ['$mergeObjects', mergeObjects],
]);

/** A computed number in the type in which it would be stored. */
function typed(value: BsonNumber): BsonNumber {
  if (typeof value !== 'number') return value;
  if (!Number.isInteger(value)) return new Double(value);
  if (Math.abs(value) < 2 ** 31) return new Int32(value);
  return Number.isSafeInteger(value) ? Long.fromNumber(value) : new Double(value);
}

function sum(): Accumulator {
  let total: BsonNumber = 0;
  return {
    add: (value) => {
      if (!isNumber(value)) return;
      total =
        typeof value === 'number' && typeof total === 'number' ? total + value : addNumbers(typed(total), typed(value));
    },
    result: () => total,
  };
}

function count(): Accumulator {
  let total = 0;
  return {
    add: () => {
      total++;
    },
    result: () => total,
  };
}

function average(): Accumulator {
  let total: BsonNumber = 0;
  let values = 0;
  return {
    add: (value) => {
      if (!isNumber(value)) return;
      values++;
      const isExact = value instanceof Decimal128 || total instanceof Decimal128;
      total = isExact ? addNumbers(typed(total), value) : toNumber(total) + toNumber(value);
    },
    result: () => {
      if (values === 0) return null;
      const mean = toNumber(total) / values;
      return total instanceof Decimal128 ? Decimal128.fromString(String(mean)) : mean;
    },
  };
}

function extreme(direction: 1 | -1): Accumulator {
  let best: MaybeValue;
  return {
    add: (value) => {
      if (value === null || value === undefined) return;
      if (best === undefined || compareValues(value, best) * direction > 0) best = value;
    },
    result: () => best ?? null,
  };
}

function first(): Accumulator {
  let isEmpty = true;
  let found: MaybeValue = null;
  return {
    add: (value) => {
      if (isEmpty) found = value;
      isEmpty = false;
    },
    result: () => found ?? null,
  };
}

function last(): Accumulator {
  let found: MaybeValue = null;
  return { add: (value) => void (found = value), result: () => found ?? null };
}

function push(): Accumulator {
  const values: BsonValue[] = [];
  return {
    add: (value) => {
      if (value !== undefined) values.push(value);
    },
    result: () => values,
  };
}

function addToSet(): Accumulator {
  const values = new Map<string, BsonValue>();
  return {
    add: (value) => {
      if (value === undefined) return;
      const key = encodeKey(value);
      if (!values.has(key)) values.set(key, value);
    },
    result: () => [...values.values()],
  };
}

function mergeObjects(): Accumulator {
  let merged: BsonDocument = {};
  return {
    add: (value) => {
      if (isDocument(value)) merged = { ...merged, ...value };
    },
    result: () => merged,
  };
}
