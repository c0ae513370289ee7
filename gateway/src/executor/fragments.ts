import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** The fragments of a document, by name. */
export function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/** Everything that a document selects, in its operations and fragments, at any depth. */
export function selectionsOf({ definitions }: DocumentNode): SelectionNode[] {
  const found: SelectionNode[] = [];
  // Not `visit`, which takes as long for a document as the planner for some of its fetches.
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      found.push(selection);
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) collect(selection.selectionSet);
    }
  };
  for (const definition of definitions) if ('selectionSet' in definition) collect(definition.selectionSet);
  return found;
}
