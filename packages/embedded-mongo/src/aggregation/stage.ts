import type { BsonDocument, MaybeValue } from '../bson/values';
import type { Collation } from '../query/collation';
import type { Variables } from './expression';

/** The collections that a pipeline may reach into. */
export interface PipelineCollections {
  /** The documents of another collection that match the filter; a string names one of the same database. */
  find(namespace: MaybeValue, filter: BsonDocument): BsonDocument[];
  /** Writes what `$out` or `$merge` asks for. */
  write(stage: '$out' | '$merge', argument: MaybeValue, documents: readonly BsonDocument[]): void;
  /** What `$indexStats` or `$collStats` reports of the pipeline's own collection. */
  statistics(stage: '$indexStats' | '$collStats'): BsonDocument[];
}

/** What the stages of a pipeline can use besides the documents. */
export interface PipelineEnvironment {
  readonly variables?: Variables | undefined;
  readonly collation?: Collation | undefined;
  readonly textFields?: readonly string[] | undefined;
  /** Without collections a stage that needs one is refused. */
  readonly collections?: PipelineCollections;
}

/** Runs the stages one after the other over documents that nobody may change. */
export type RunPipeline = (
  documents: readonly BsonDocument[],
  stages: readonly BsonDocument[],
  environment: PipelineEnvironment,
) => BsonDocument[];

/** One stage: gives the documents that the next stage gets. */
export type Stage = (
  documents: readonly BsonDocument[],
  argument: MaybeValue,
  environment: PipelineEnvironment,
  run: RunPipeline,
) => BsonDocument[];
