import type { GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { SubgraphCall } from '../executor/subgraph-call';
import { type AddTags, compileTags } from './answer-tags';
import { digestOf } from './cache-keys';
import { type EntityIds, entityIdsOf } from './entity-ids';

/** Queries of one subgraph that are remembered. */
const QUESTIONS = 10_000;

/** One version of a supergraph. */
export interface SupergraphVersion {
  /** With the types that clients do not see. */
  readonly supergraph: GraphQLSchema;
  readonly supergraphSdl: string;
}

/** What a subgraph is asked, apart from whom and what about. */
export interface Question {
  /** Names subgraph, version of the supergraph and query. */
  readonly id: string;
  /** Null when it cannot be told what answers depend on: then they are not kept. */
  readonly addTags: AddTags | null;
}

/** The questions of one version of a supergraph, each compiled when it first comes. */
export class Questions {
  private readonly ids: EntityIds;
  private readonly version: string;
  private readonly known = new Map<string, LRUCache<string, Question>>();

  constructor(private readonly options: SupergraphVersion) {
    this.ids = entityIdsOf(options.supergraphSdl);
    this.version = digestOf(options.supergraphSdl);
  }

  /** The question that a query asks. */
  of({ subgraph, query }: SubgraphCall): Question {
    let ofSubgraph = this.known.get(subgraph);
    if (!ofSubgraph) this.known.set(subgraph, (ofSubgraph = new LRUCache({ max: QUESTIONS })));
    let question = ofSubgraph.get(query);
    if (!question) {
      const id = digestOf(JSON.stringify([this.version, subgraph, query]));
      const { supergraph } = this.options;
      question = { id, addTags: compileTags({ subgraph, query, supergraph, ids: this.ids }) };
      ofSubgraph.set(query, question);
    }
    return question;
  }
}
