import { type DocumentNode, Kind, type SelectionNode, type SelectionSetNode, visit } from 'graphql';
import { fragmentsOf } from './fragments';

/** The fields that a call asks of entities, each as `Type.field`. */
export function entityFieldsOf(document: DocumentNode): ReadonlySet<string> {
  const found = new Set<string>();
  selectEntityFields(document, (field) => {
    found.add(field);
    return true;
  });
  return found;
}

interface Part {
  readonly document: DocumentNode;
  /** Names of those that it still uses. */
  readonly variables: ReadonlySet<string>;
}

/** A call for some of these fields only. */
export function withEntityFields(document: DocumentNode, fields: ReadonlySet<string>): Part {
  const selected = selectEntityFields(document, (field) => fields.has(field));
  const variables = new Set<string>();
  visit(selected, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void variables.add(name.value),
  });
  const used = visit(selected, {
    VariableDefinition: ({ variable }) => (variables.has(variable.name.value) ? undefined : null),
  });
  return { document: used, variables };
}

/** Fragments are written out: not all of them may be needed any more, and a subgraph refuses those that are not. */
function selectEntityFields(document: DocumentNode, isMeant: (field: string) => boolean): DocumentNode {
  const fragments = fragmentsOf(document);
  const select = ({ selections, ...set }: SelectionSetNode, type: string | null): SelectionSetNode => ({
    ...set,
    selections: selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.FIELD) {
        if (type !== null && !isMeant(`${type}.${selection.name.value}`)) return [];
        const inner = selection.selectionSet && select(selection.selectionSet, null);
        return [{ ...selection, ...(inner && { selectionSet: inner }) }];
      }
      const spread = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
      if (!spread) return [];
      const on = spread.typeCondition?.name.value ?? type;
      const inner = select(spread.selectionSet, type === null ? null : on);
      if (inner.selections.length === 0) return [];
      const { typeCondition } = spread;
      const fragment = {
        kind: Kind.INLINE_FRAGMENT,
        directives: selection.directives ?? [],
        selectionSet: inner,
      } as const;
      return [typeCondition ? { ...fragment, typeCondition } : fragment];
    }),
  });
  const definitions = document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    const selections = definition.selectionSet.selections.map((root) =>
      root.kind === Kind.FIELD && root.selectionSet
        ? { ...root, selectionSet: select(root.selectionSet, '_Entity') }
        : root,
    );
    return [{ ...definition, selectionSet: { ...definition.selectionSet, selections } }];
  });
  return { ...document, definitions };
}
