import { type GraphQLSchema, isObjectType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';

const ROOT_TYPES = ['Query', 'Mutation'];

/**
 * The fields that none of these operations asks for, among those behind which something is looked up or changed:
 * root fields, and fields that take arguments. Subscriptions look up by key what queries do. Shows that a test which is about all queries has sent them all.
 */
export function unaskedFields(schema: GraphQLSchema, queries: readonly string[]): string[] {
  const asked = new Set<string>();
  for (const query of queries) {
    const types = new TypeInfo(schema);
    const field = {
      Field: ({ name }: { name: { value: string } }) => void asked.add(`${types.getParentType()?.name}.${name.value}`),
    };
    visit(parse(query), visitWithTypeInfo(types, field));
  }
  return lookUps(schema).filter((name) => !asked.has(name));
}

function lookUps(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || type.name.startsWith('_') || type === schema.getSubscriptionType()) return [];
    const isRoot = ROOT_TYPES.includes(type.name);
    const fields = Object.values(type.getFields()).filter(
      ({ name, args }) => !name.startsWith('_') && (isRoot || args.length > 0),
    );
    return fields.map(({ name }) => `${type.name}.${name}`);
  });
}
