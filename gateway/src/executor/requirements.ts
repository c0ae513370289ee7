import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  Kind,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { fieldSets, parseFieldSet, printFieldSet } from './field-sets';

type TypeNode = Extract<DefinitionNode, { readonly fields?: readonly FieldDefinitionNode[] }>;

/** What fields of a type `@requires`. */
interface Requirement {
  readonly fieldSet: SelectionSetNode;
  readonly type: string;
}

/** All of a supergraph. */
export function requirementsOf({ definitions }: DocumentNode): Requirement[] {
  return definitions
    .filter(hasFields)
    .flatMap(({ name, fields = [] }) =>
      fields.flatMap(({ directives }) =>
        fieldSets(directives, 'join__field', 'requires').map((fieldSet) => ({ fieldSet, type: name.value })),
      ),
    );
}

/** The same supergraph with other requirements. @param change Gets the `Type.field` that has them, too. */
export function changeRequirements(
  supergraph: DocumentNode,
  change: (fieldSet: SelectionSetNode, type: string, requirer: string) => SelectionSetNode,
): DocumentNode {
  const definitions = supergraph.definitions.map((definition) => {
    if (!hasFields(definition)) return definition;
    const type = definition.name.value;
    const fields = definition.fields?.map((field) => ({
      ...field,
      directives: (field.directives ?? []).map((directive) =>
        withRequires(directive, (fieldSet) => change(fieldSet, type, `${type}.${field.name.value}`)),
      ),
    }));
    return { ...definition, fields } as DefinitionNode;
  });
  return { ...supergraph, definitions };
}

function withRequires(
  directive: ConstDirectiveNode,
  change: (fieldSet: SelectionSetNode) => SelectionSetNode,
): ConstDirectiveNode {
  if (directive.name.value !== 'join__field') return directive;
  const args = directive.arguments?.map((argument) => {
    if (argument.name.value !== 'requires' || argument.value.kind !== Kind.STRING) return argument;
    const value = printFieldSet(change(parseFieldSet(argument.value.value)));
    return { ...argument, value: { ...argument.value, value } };
  });
  return { ...directive, ...(args && { arguments: args }) };
}

/** The same field set with other fields. @param change Gets a field, and the `Type.field` of every type that it may be a field of. */
export function visitFields(
  fieldSet: SelectionSetNode,
  typeName: string,
  schema: GraphQLSchema,
  change: (field: FieldNode, owners: readonly string[]) => FieldNode | undefined,
): SelectionSetNode {
  const types = new TypeInfo(schema, schema.getType(typeName));
  return visit(
    fieldSet,
    visitWithTypeInfo(types, {
      Field: {
        // Leaving, because what has been entered is typed by what it was.
        leave(field) {
          const parent = types.getParentType();
          if (!isCompositeType(parent)) return undefined;
          return change(
            field,
            ownersOf(parent, schema).map((owner) => `${owner}.${field.name.value}`),
          );
        },
      },
    }),
  );
}

function ownersOf(type: GraphQLCompositeType, schema: GraphQLSchema): string[] {
  if (!isInterfaceType(type)) return [type.name];
  const { objects, interfaces } = schema.getImplementations(type);
  return [type, ...objects, ...interfaces].map(({ name }) => name);
}

/** Whether it is an object or interface type. */
export function hasFields(definition: DefinitionNode): definition is TypeNode {
  return definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION;
}
