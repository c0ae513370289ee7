import { type ASTNode, type DocumentNode, Kind, type NameNode, type StringValueNode } from 'graphql';

interface Described {
  readonly name: NameNode;
  readonly description?: StringValueNode;
}

/** type-graphql has no way to describe them, and everybody knows what they are. */
const ROOT_TYPES = ['Query', 'Mutation', 'Subscription'];

/**
 * Names everything in a subgraph's SDL that a reader of the documentation would find without a word:
 * `field Product.name`, `argument Query.product(id:)`.
 */
export function undescribed({ definitions }: DocumentNode): string[] {
  return definitions.flatMap((definition) => {
    if (!('name' in definition) || definition.name === undefined) return [];
    const type = definition.name.value;
    const own = ROOT_TYPES.includes(type) ? [] : undescribedOf('type', definition, type);
    return [...own, ...membersOf(definition).flatMap((member) => undescribedMember(type, member))];
  });
}

function membersOf(definition: ASTNode): readonly (ASTNode & Described)[] {
  switch (definition.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return definition.fields ?? [];
    case Kind.ENUM_TYPE_DEFINITION:
      return definition.values ?? [];
    default:
      return [];
  }
}

function undescribedMember(type: string, member: ASTNode & Described): string[] {
  const name = `${type}.${member.name.value}`;
  switch (member.kind) {
    case Kind.ENUM_VALUE_DEFINITION:
      return undescribedOf('enum value', member, name);
    case Kind.INPUT_VALUE_DEFINITION:
      return undescribedOf('input field', member, name);
    case Kind.FIELD_DEFINITION:
      return [
        ...undescribedOf('field', member, name),
        ...(member.arguments ?? []).flatMap((argument) =>
          undescribedOf('argument', argument, `${name}(${argument.name.value}:)`),
        ),
      ];
    default:
      return [];
  }
}

function undescribedOf(kind: string, { description }: { description?: StringValueNode }, name: string): string[] {
  return description === undefined || description.value.trim() === '' ? [`${kind} ${name}`] : [];
}
