import { GraphQLError, type SelectionSetNode, type ValidationContext, type ValidationRule } from 'graphql';
import { Kind } from 'graphql';

/** A validation rule that refuses operations of more than `maxDepth` levels, fragments written out. */
export function limitDepth(maxDepth: number): ValidationRule {
  return (context) => {
    const known = new Map<string, number>();
    return {
      OperationDefinition(operation) {
        const depth = depthOf(operation.selectionSet, context, known);
        if (depth <= maxDepth) return;
        const message = `The operation has ${depth} levels; ${maxDepth} are allowed.`;
        context.reportError(new GraphQLError(message, { nodes: operation }));
      },
    };
  };
}

/** Each fragment is measured once, however often it is spread. */
function depthOf({ selections }: SelectionSetNode, context: ValidationContext, known: Map<string, number>): number {
  const depths = selections.map((selection) => {
    if (selection.kind === Kind.FIELD) {
      return 1 + (selection.selectionSet ? depthOf(selection.selectionSet, context, known) : 0);
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) return depthOf(selection.selectionSet, context, known);
    const name = selection.name.value;
    const depth = known.get(name);
    if (depth !== undefined) return depth;
    // For now, so that a cycle, which another rule reports, ends here.
    known.set(name, 0);
    const fragment = context.getFragment(name);
    known.set(name, fragment ? depthOf(fragment.selectionSet, context, known) : 0);
    return known.get(name) ?? 0;
  });
  return Math.max(0, ...depths);
}
