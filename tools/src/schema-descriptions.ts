import {
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type StringValueNode,
  type TypeDefinitionNode,
} from 'graphql';

type Member = EnumValueDefinitionNode | FieldDefinitionNode | InputValueDefinitionNode;

/** type-graphql has no way to describe them, and everybody knows what they are. */
const ROOT_TYPES = ['Query', 'Mutation', 'Subscription'];

/**
 * Names everything in a subgraph's SDL that a reader of the documentation would find without a word:
 * `field Product.name`, `argument Query.product(id:)`.
 */
export function undescribed({ definitions }: DocumentNode): string[] {
  return definitions.filter(isTypeDefinitionNode).flatMap((definition) => {
    const type = definition.name.value;
    const own = ROOT_TYPES.includes(type) ? [] : missing('type', type, definition);
    return [...own, ...membersOf(definition).flatMap((member) => undescribedIn(type, member))];
  });
}

function membersOf(definition: TypeDefinitionNode): readonly Member[] {
  if ('values' in definition) return definition.values ?? [];
  return 'fields' in definition ? (definition.fields ?? []) : [];
}

function undescribedIn(type: string, member: Member): string[] {
  const name = `${type}.${member.name.value}`;
  switch (member.kind) {
    case Kind.ENUM_VALUE_DEFINITION:
      return missing('enum value', name, member);
    case Kind.INPUT_VALUE_DEFINITION:
      return missing('input field', name, member);
    case Kind.FIELD_DEFINITION: {
      const { arguments: taken = [] } = member;
      const ofArguments = taken.flatMap((argument) =>
        missing('argument', `${name}(${argument.name.value}:)`, argument),
      );
      return [...missing('field', name, member), ...ofArguments];
    }
  }
}

function missing(kind: string, name: string, { description }: { readonly description?: StringValueNode }): string[] {
  return description === undefined || description.value.trim() === '' ? [`${kind} ${name}`] : [];
}
