/** Names what a cached answer depends on: entities of a type, as one subgraph knows them. */
export interface EntityType {
  readonly subgraph: string;
  readonly type: string;
}

/** Of answers that hold the entity. */
export function entityTag({ subgraph, type }: EntityType, id: string): string {
  return `${subgraph}/${type}:${id}`;
}

/** Of answers that depend on which entities of the type there are, or hold one without saying which: lists, nulls. */
export function someTag({ subgraph, type }: EntityType): string {
  return `${subgraph}/${type}?`;
}

/** Of all answers that depend on the type in any way. */
export function everyTag({ subgraph, type }: EntityType): string {
  return `${subgraph}/${type}*`;
}
