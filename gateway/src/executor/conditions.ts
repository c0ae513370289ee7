import { type DocumentNode, Kind } from 'graphql';
import { selectionsOf } from './fragments';

/** What decides which fields of an operation are selected: the variables of its `@skip` and `@include`. */
export class Conditions {
  private readonly names: readonly string[];

  constructor(document: DocumentNode) {
    this.names = namesIn(document);
  }

  /** Whether all values of variables select the same fields. */
  get isEmpty(): boolean {
    return this.names.length === 0;
  }

  /** The values of these variables. @param variables Coerced. */
  valuesIn(variables: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return Object.fromEntries(this.names.map((name) => [name, variables[name]]));
  }

  /** Equal for variables that select the same fields. @param variables Coerced. */
  keyOf(variables: Readonly<Record<string, unknown>>): string {
    return this.names.map((name) => (variables[name] === true ? '1' : '0')).join('');
  }
}

function namesIn(document: DocumentNode): string[] {
  const names = new Set<string>();
  for (const { name, arguments: args = [] } of selectionsOf(document).flatMap(({ directives = [] }) => directives)) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    for (const { value } of args) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
  }
  return [...names].sort();
}
