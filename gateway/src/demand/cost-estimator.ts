import { type DocumentNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type SelectedField, selectedFields } from '../access/selected-fields';
import { coercedVariables } from '../executor/coerced-variables';
import { Conditions } from '../executor/conditions';
import { fragmentsOf } from '../executor/fragments';
import { type Cost, evaluate, evaluationOf } from './cost';
import { type CostWeights, readCostWeights } from './cost-weights';
import { operationCost } from './operation-cost';

/** Selected fields, of all operations together, whose costs are kept: about 30 MiB if all of them have formulas. */
const MAX_KEPT_FIELDS = 100_000;
/** Operations of which it is known which variables decide about their fields. */
const MAX_KEPT_OPERATIONS = 10_000;

/** A validated operation and what it is called with. */
export interface EstimatedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Stands for the document. */
  readonly queryHash: string;
  /** As the client has sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What an operation can cost at the most. */
interface Estimate {
  readonly cost: number;
  /** What the schema demands of its arguments and it does not keep. */
  readonly problems: readonly string[];
}

/** What one version of the supergraph says of costs. */
interface Version {
  readonly id: number;
  readonly weights: CostWeights;
}

const NOTHING_TO_EXECUTE: Estimate = { cost: 0, problems: [] };

/** Knows what operations cost. Compiles the cost of each once, as far as it does not depend on variables. */
export class CostEstimator {
  private readonly versions = new WeakMap<GraphQLSchema, Version>();
  private newest: CostWeights = { weights: new Map(), listSizes: new Map() };
  private versionCount = 0;
  private readonly conditions = new LRUCache<string, Conditions>({ max: MAX_KEPT_OPERATIONS });
  private readonly costs = new LRUCache<string, { readonly cost: Cost }>({ maxSize: MAX_KEPT_FIELDS });

  /** @param defaultListSize Items of a list of which the schema says nothing. */
  constructor(private readonly defaultListSize: number) {}

  /** Reads what a version of the supergraph says of costs. @param schema What operations on it are validated against. */
  takeOver(schema: GraphQLSchema, supergraphSdl: string): void {
    this.newest = readCostWeights(supergraphSdl);
    this.add(schema);
  }

  /**
   * What an operation can cost at the most: nothing where its variables are wrong, since it is not executed.
   * @throws GraphQLError GRAPHQL_VALIDATION_FAILED when it selects too many fields.
   */
  estimate(asked: EstimatedOperation): Estimate {
    const { schema, operation, variables } = asked;
    const coerced = coercedVariables(schema, operation, variables);
    if (coerced.errors) return NOTHING_TO_EXECUTE;
    const evaluation = evaluationOf(coerced.coerced);
    try {
      const cost = evaluate(this.costOf(asked, coerced.coerced), evaluation);
      return { cost, problems: [...evaluation.problems] };
    } catch (error) {
      // A condition that is null: those who execute it come upon it, too, and say so.
      if (error instanceof GraphQLError && error.extensions.http === undefined) return NOTHING_TO_EXECUTE;
      throw error;
    }
  }

  private costOf(
    { schema, document, operation, queryHash }: EstimatedOperation,
    coerced: Record<string, unknown>,
  ): Cost {
    const version = this.versions.get(schema) ?? this.add(schema);
    const conditions = this.conditionsOf(document, queryHash);
    const key = `${version.id} ${queryHash} ${operation.name?.value ?? ''} ${conditions.keyOf(coerced)}`;
    const known = this.costs.get(key);
    if (known) return known.cost;

    const variables = conditions.valuesIn(coerced);
    const fields = selectedFields({ schema, operation, fragments: fragmentsOf(document), variables });
    const { defaultListSize } = this;
    const cost = operationCost(operation.operation, fields, { ...version.weights, defaultListSize });
    this.costs.set(key, { cost }, { size: sizeOf(fields) });
    return cost;
  }

  // A schema that nobody has announced is a part of the newest one.
  private add(schema: GraphQLSchema): Version {
    this.versionCount += 1;
    const version = { id: this.versionCount, weights: this.newest };
    this.versions.set(schema, version);
    return version;
  }

  private conditionsOf(document: DocumentNode, queryHash: string): Conditions {
    const known = this.conditions.get(queryHash);
    if (known) return known;
    const conditions = new Conditions(document);
    this.conditions.set(queryHash, conditions);
    return conditions;
  }
}

function sizeOf(fields: readonly SelectedField[]): number {
  return fields.reduce(
    (size, { selections }) => size + [...selections.values()].reduce((inner, selected) => inner + sizeOf(selected), 1),
    1,
  );
}
