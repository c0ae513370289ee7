import { getNamedType, isLeafType, OperationTypeNode } from 'graphql';
import type { SelectedField } from '../access/selected-fields';
import { type Cost, type Evaluation, evaluationOf, greatest, once, sum, times } from './cost';
import type { CostWeights, ListSize } from './cost-weights';
import { argumentsOfField, type FieldArguments, type Values } from './field-arguments';
import { canCost, inputCost } from './input-cost';
import { listDepth, type SizedFields, sizeOf } from './list-size';

/** What a mutation costs beside its fields, as in Apollo's router. */
const MUTATION_COST = 10;

interface CostOptions extends CostWeights {
  /** Items of a list of which the schema says nothing. */
  readonly defaultListSize: number;
}

/**
 * What an operation can cost at the most, before it is executed: the static analysis of the IBM GraphQL cost
 * specification with the one number of Apollo's router. docs/gateway.md has the rules.
 */
export function operationCost(
  kind: OperationTypeNode,
  fields: readonly SelectedField[],
  { weights, listSizes, defaultListSize }: CostOptions,
): Cost {
  function costOfAll(selected: readonly SelectedField[] = [], sized: SizedFields | null): Cost {
    return sum(selected.map((field) => costOf(field, sized)));
  }

  function costOf(field: SelectedField, sizedByParent: SizedFields | null): Cost {
    const { definition, parentType, selections } = field;
    if (definition.name.startsWith('__')) return 0;
    const coordinate = `${parentType.name}.${definition.name}`;
    const given = argumentsOfField(field);
    const listSize = listSizeOf(field);
    const size = listSize ? sizeOf(coordinate, listSize, given, defaultListSize) : defaultListSize;
    const sized = listSize ? { names: listSize.sizedFields, size } : null;
    const count = countOf(field, sizedByParent, sized);
    const argumentsCost = costOfArguments(field, given);

    const own = (type: string, weightOfType: number): Cost => {
      const weight = weights.get(coordinate) ?? weights.get(type) ?? weightOfType;
      // A negative weight makes a field cheaper, not the rest of the operation.
      return greatest([sum([times(count, weight), argumentsCost])]);
    };
    const named = getNamedType(definition.type);
    const costs = isLeafType(named)
      ? [own(named.name, 0)]
      : [...selections].map(([type, selected]) => sum([own(type.name, 1), times(count, costOfAll(selected, sized))]));
    // What the schema demands of slicing arguments holds whether or not their lists are selected.
    return sum([greatest(costs), times(size, 0)]);
  }

  /** How many values a field has. */
  function countOf({ definition }: SelectedField, byParent: SizedFields | null, own: SizedFields | null): Cost {
    const depth = listDepth(definition.type);
    if (depth === 0) return 1;
    const inner = defaultListSize ** (depth - 1);
    if (byParent?.names.has(definition.name)) return times(byParent.size, inner);
    return times(own?.names.size === 0 ? own.size : defaultListSize, inner);
  }

  /** An implementation has what its interfaces say where it says nothing itself. */
  function listSizeOf({ definition, parentType }: SelectedField): ListSize | undefined {
    const types = [parentType, ...parentType.getInterfaces()];
    return types.map(({ name }) => listSizes.get(`${name}.${definition.name}`)).find((found) => found !== undefined);
  }

  function costOfArguments({ definition, parentType }: SelectedField, given: FieldArguments): Cost {
    const costs = definition.args.map(({ name, type }): Cost => {
      const coordinate = `${parentType.name}.${definition.name}(${name}:)`;
      if (!canCost(coordinate, type, weights)) return 0;
      const costWith = (values: Values, evaluation: Evaluation) =>
        inputCost(coordinate, type, values[name], weights, evaluation);
      if (typeof given !== 'function') return costWith(given, evaluationOf({}));
      return once((evaluation) => costWith(given(evaluation), evaluation));
    });
    return sum(costs);
  }

  return sum([kind === OperationTypeNode.MUTATION ? MUTATION_COST : 0, costOfAll(fields, null)]);
}
