/** What the variants of a product differ in, such as size, and the values that it can have. */
export interface ProductOption {
  readonly name: string;
  readonly values: readonly string[];
}

/** What one variant is in one of these respects. */
export interface VariantOption {
  readonly name: string;
  readonly value: string;
}

/**
 * A variant's choice in the order of the product's options.
 * @returns null when it does not name every option once, with one of its values.
 */
export function fitOptions(
  options: readonly ProductOption[],
  chosen: readonly VariantOption[],
): readonly VariantOption[] | null {
  if (chosen.length !== options.length) return null;
  const fitting = options.flatMap(({ name, values }) =>
    chosen.filter((choice) => choice.name === name && values.includes(choice.value)),
  );
  const names = new Set(fitting.map(({ name }) => name));
  return names.size === options.length ? fitting : null;
}

/** Tells choices apart: equal for the same options with the same values, in whatever order they are given. */
export function optionKeyOf(chosen: readonly VariantOption[]): string {
  const pairs = chosen.map(({ name, value }) => JSON.stringify([name, value]));
  return pairs.sort().join();
}

/** Whether two lists of options mean the same: same names and values in the same order. */
export function sameOptions(a: readonly ProductOption[], b: readonly ProductOption[]): boolean {
  const essence = (options: readonly ProductOption[]) =>
    JSON.stringify(options.map(({ name, values }) => [name, values]));
  return essence(a) === essence(b);
}
