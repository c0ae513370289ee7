/** What a cost is computed from, once for each request. */
export interface Evaluation {
  /** Coerced, with defaults. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** What the schema demands of arguments and the request does not keep. */
  readonly problems: Set<string>;
  /** What was computed before in this evaluation. */
  readonly known: Map<object, unknown>;
}

type Formula = (evaluation: Evaluation) => number;

/** A number, or how it follows from the variables of a request. */
export type Cost = number | Formula;

/** More is the same: it is beyond every limit, and still exact as a number. */
const MAX = Number.MAX_SAFE_INTEGER;

/** Begins an evaluation. @param variables Coerced, with defaults. */
export function evaluationOf(variables: Readonly<Record<string, unknown>>): Evaluation {
  return { variables, problems: new Set(), known: new Map() };
}

/** The cost of one request. */
export function evaluate(cost: Cost, evaluation: Evaluation): number {
  return typeof cost === 'number' ? cost : cost(evaluation);
}

/** All of them together. */
export function sum(costs: readonly Cost[]): Cost {
  return combine(costs, (numbers) => numbers.reduce((total, number) => total + number, 0));
}

/** As many times as there are items. */
export function times(count: Cost, cost: Cost): Cost {
  // Whatever it is, it may hold a demand that has to be looked at.
  if (cost === 0 && typeof count === 'number') return 0;
  return combine([count, cost], ([left = 0, right = 0]) => left * right);
}

/** The greatest, and zero at least. */
export function greatest(costs: readonly Cost[]): Cost {
  return combine(costs, (numbers) => numbers.reduce((most, number) => Math.max(most, number), 0));
}

/** Computes it once in an evaluation, however often it is asked for. */
export function once<Value>(compute: (evaluation: Evaluation) => Value): (evaluation: Evaluation) => Value {
  return function known(evaluation) {
    if (!evaluation.known.has(known)) evaluation.known.set(known, compute(evaluation));
    return evaluation.known.get(known) as Value;
  };
}

/** A number where all of them are numbers. */
function combine(costs: readonly Cost[], by: (numbers: readonly number[]) => number): Cost {
  const bounded = (numbers: readonly number[]) => Math.min(by(numbers), MAX);
  if (costs.every((cost) => typeof cost === 'number')) return bounded(costs);
  return (evaluation) => bounded(costs.map((cost) => evaluate(cost, evaluation)));
}
