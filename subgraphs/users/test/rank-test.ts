/** Of several numbers the middle one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** By how much `a` lies above `b`: the median of all differences (Hodges and Lehmann), which outliers do not move. */
export function shiftBetween(a: readonly number[], b: readonly number[]): number {
  return median(a.flatMap((x) => b.map((y) => x - y)));
}

/**
 * How surely two samples come from different distributions, in standard deviations: the statistic of Mann and
 * Whitney, as a normal deviate. Beyond 5 it is no accident, however the values are distributed.
 */
export function rankDeviate(a: readonly number[], b: readonly number[]): number {
  const wins = a.reduce((sum, x) => sum + b.filter((y) => x > y).length + b.filter((y) => x === y).length / 2, 0);
  const pairs = a.length * b.length;
  return (wins - pairs / 2) / Math.sqrt((pairs * (a.length + b.length + 1)) / 12);
}
