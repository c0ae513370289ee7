import { type FieldNode, getOperationAST, Kind, parse, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { Entity, Path } from './executor/entities';

/** Where a call's answer has its fields: the root fields, or the fields of each entity, which are represented in JSON. */
export function fieldsAsked(query: string, representations: readonly string[]): Path[] {
  const typenames = representations.map((text) => String((JSON.parse(text) as Entity).__typename));
  const roots = getOperationAST(parse(query))?.selectionSet.selections.filter(isField) ?? [];
  return roots.flatMap((root): Path[] => {
    if (root.name.value !== '_entities') return [[responseName(root)]];
    return typenames.flatMap((typename, index) =>
      fieldsOn(typename, root.selectionSet).map((field) => [responseName(root), index, responseName(field)]),
    );
  });
}

/** Query plans ask entities by one inline fragment for each type. */
function fieldsOn(type: string, selectionSet: SelectionSetNode | undefined): FieldNode[] {
  return (selectionSet?.selections ?? [])
    .flatMap((selection) =>
      selection.kind === Kind.INLINE_FRAGMENT && selection.typeCondition?.name.value === type
        ? selection.selectionSet.selections
        : [],
    )
    .filter(isField);
}

function isField(selection: SelectionNode): selection is FieldNode {
  return selection.kind === Kind.FIELD && selection.name.value !== '__typename';
}

function responseName({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}
