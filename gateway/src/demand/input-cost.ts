import { getNamedType, type GraphQLInputType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import type { Evaluation } from './cost';
import type { CostWeights } from './cost-weights';

/** How many values that weigh something there are, and what the input fields within them weigh. */
interface Measure {
  readonly count: number;
  readonly within: number;
}

const NOTHING: Measure = { count: 0, within: 0 };
const ONE: Measure = { count: 1, within: 0 };

/**
 * What a value costs that is given for an argument or an input field: its weight and that of its input fields. The
 * weight is that of the definition, of the type, or 1 for input objects and 0 for the rest. A list costs as much as
 * its items together, null costs nothing.
 * @param coordinate Of the argument or input field: `Query.products(filter:)`, `Filter.text`.
 * @param value Coerced, with defaults.
 */
export function inputCost(
  coordinate: string,
  type: GraphQLInputType,
  value: unknown,
  weights: CostWeights['weights'],
  evaluation: Evaluation,
): number {
  const named = getNamedType(type);
  const weight = weights.get(coordinate) ?? weights.get(named.name) ?? (isInputObjectType(named) ? 1 : 0);

  function measure(part: unknown, partType: GraphQLInputType): Measure {
    if (isNonNullType(partType)) return measure(part, partType.ofType);
    if (part === null || part === undefined) return NOTHING;
    if (typeof part !== 'object') return ONE;
    // A variable can be used many times and be long.
    const known = evaluation.known.get(part) as Measure | undefined;
    if (known) return known;
    const measured = Array.isArray(part) && isListType(partType) ? measureAll(part, partType.ofType) : measureOne(part);
    evaluation.known.set(part, measured);
    return measured;
  }

  function measureAll(parts: readonly unknown[], partType: GraphQLInputType): Measure {
    const measures = parts.map((part) => measure(part, partType));
    return { count: total(measures.map(({ count }) => count)), within: total(measures.map(({ within }) => within)) };
  }

  function measureOne(part: object): Measure {
    if (!isInputObjectType(named)) return ONE;
    const fields = Object.entries(named.getFields()).map(([name, field]) =>
      inputCost(`${named.name}.${name}`, field.type, (part as Record<string, unknown>)[name], weights, evaluation),
    );
    return { count: 1, within: total(fields) };
  }

  const { count, within } = measure(value, type);
  return count * weight + within;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}

/** Whether values of this type can cost anything. @param coordinate Of what they are given for. */
export function canCost(coordinate: string, type: GraphQLInputType, weights: CostWeights['weights']): boolean {
  const named = getNamedType(type);
  return isInputObjectType(named) || weights.has(coordinate) || weights.has(named.name);
}
