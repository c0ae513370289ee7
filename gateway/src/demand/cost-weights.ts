import {
  type ConstDirectiveNode,
  type DocumentNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  parse,
} from 'graphql';
import { argumentsOf, costDirectiveNames } from './cost-directives';

/** What `@listSize` says of a field (https://ibm.github.io/graphql-specs/cost-spec.html#sec-The-List-Size-Directive). */
export interface ListSize {
  /** Items where no slicing argument says how many. */
  readonly assumedSize: number | null;
  /** Arguments, as paths such as `input.first`, of which the greatest is the number of items. */
  readonly slicingArguments: readonly string[];
  /** Fields of the value that are the lists; without any it is the value itself. */
  readonly sizedFields: ReadonlySet<string>;
  /** Whether exactly one of the slicing arguments has to be given. */
  readonly requireOneSlicingArgument: boolean;
}

/** What a supergraph says of costs, by schema coordinate: `Query.products`, `Query.products(first:)`, `Filter.text`. */
export interface CostWeights {
  readonly weights: ReadonlyMap<string, number>;
  readonly listSizes: ReadonlyMap<string, ListSize>;
}

/** Reads `@cost` and `@listSize` wherever a supergraph has them, by whatever names. */
export function readCostWeights(supergraphSdl: string): CostWeights {
  const document: DocumentNode = parse(supergraphSdl, { noLocation: true });
  const names = costDirectiveNames(document);
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();

  function read(coordinate: string, directives: readonly ConstDirectiveNode[] = []): void {
    for (const directive of directives) {
      if (directive.name.value === names.cost) {
        const weight = Number(argumentsOf(directive).weight);
        if (Number.isFinite(weight)) weights.set(coordinate, weight);
      }
      if (directive.name.value === names.listSize) listSizes.set(coordinate, listSizeOf(argumentsOf(directive)));
    }
  }
  const readAll = (nodes: readonly InputValueDefinitionNode[] | undefined, coordinateOf: (name: string) => string) =>
    nodes?.forEach(({ name, directives }) => read(coordinateOf(name.value), directives));

  for (const definition of document.definitions.filter(isTypeDefinitionNode)) {
    const type = definition.name.value;
    read(type, definition.directives);
    if (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
      readAll(definition.fields, (name) => `${type}.${name}`);
    } else if ('fields' in definition) {
      for (const field of definition.fields ?? []) {
        read(`${type}.${field.name.value}`, field.directives);
        readAll(field.arguments, (name) => `${type}.${field.name.value}(${name}:)`);
      }
    }
  }
  return { weights, listSizes };
}

function listSizeOf(given: Readonly<Record<string, unknown>>): ListSize {
  const { assumedSize, slicingArguments, sizedFields, requireOneSlicingArgument } = given;
  const slicing = stringsIn(slicingArguments);
  return {
    assumedSize: typeof assumedSize === 'number' && assumedSize >= 0 ? assumedSize : null,
    slicingArguments: slicing,
    sizedFields: new Set(stringsIn(sizedFields)),
    requireOneSlicingArgument: slicing.length > 0 && requireOneSlicingArgument !== false,
  };
}

function stringsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((element): element is string => typeof element === 'string') : [];
}
