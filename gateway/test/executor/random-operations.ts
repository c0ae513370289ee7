import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

export interface RandomOperation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A valid operation on the schema: nested, with aliases, fragments, conditions, arguments and variables. */
export function randomOperation(schema: GraphQLSchema, random: () => number): RandomOperation {
  const definitions = new Map<string, string>();
  const variables: Record<string, unknown> = {};
  const fragments: string[] = [];
  const chance = (share: number) => random() < share;
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)] as Value;

  function variable(type: string, value: unknown): string {
    const name = `v${definitions.size}`;
    definitions.set(name, type);
    variables[name] = value;
    return `$${name}`;
  }

  function conditions(): string {
    if (!chance(0.12)) return '';
    const value = chance(0.5);
    const text = chance(0.7) ? variable('Boolean!', value) : String(value);
    return ` @${pick(['skip', 'include'])}(if: ${text})`;
  }

  function value(type: GraphQLInputType, depth: number): unknown {
    const inner = getNullableType(type);
    if (!isNonNullType(type) && chance(0.15)) return null;
    if (isListType(inner)) {
      return Array.from({ length: Math.floor(random() * 3) }, () => value(inner.ofType, depth + 1));
    }
    if (isEnumType(inner)) return pick(inner.getValues()).name;
    if (isInputObjectType(inner)) {
      const fields = Object.values(inner.getFields()).filter(() => depth < 3 && chance(0.5));
      return Object.fromEntries(fields.map((field) => [field.name, value(field.type, depth + 1)]));
    }
    const samples: Record<string, unknown> = {
      Int: Math.floor(random() * 4),
      Boolean: chance(0.5),
      ID: String(Math.floor(random() * 5)),
    };
    return samples[inner.name] ?? `word ${Math.floor(random() * 5)}`;
  }

  function literal(type: GraphQLInputType, given: unknown): string {
    const inner = getNullableType(type);
    if (given === null) return 'null';
    if (isListType(inner))
      return `[${(given as unknown[]).map((element) => literal(inner.ofType, element)).join(', ')}]`;
    if (isEnumType(inner)) return given as string;
    if (isInputObjectType(inner)) {
      const fields = Object.entries(given as object).map(
        ([name, field]) => `${name}: ${literal(inner.getFields()[name]!.type, field)}`,
      );
      return `{${fields.join(', ')}}`;
    }
    return JSON.stringify(given);
  }

  function argumentsOf(field: GraphQLField<unknown, unknown>): string {
    const given = field.args.filter(
      ({ type, defaultValue }) => (isNonNullType(type) && defaultValue === undefined) || chance(0.4),
    );
    if (given.length === 0) return '';
    const written = given.map(({ name, type }) => {
      const chosen = value(type, 0);
      return `${name}: ${chance(0.5) ? variable(String(type), chosen) : literal(type, chosen)}`;
    });
    return `(${written.join(', ')})`;
  }

  let aliases = 0;
  function fieldOf(field: GraphQLField<unknown, unknown>, depth: number): string {
    const args = argumentsOf(field);
    // Different arguments need different names, and a name that comes up twice must mean the same everywhere.
    const alias = args !== '' || chance(0.15) ? `a${(aliases += 1)}: ` : '';
    const type = getNamedType(field.type);
    const inner = isCompositeType(type) ? ` ${selectionSet(type, depth + 1)}` : '';
    return `${alias}${field.name}${args}${conditions()}${inner}`;
  }

  function selectionSet(type: GraphQLNamedType, depth: number): string {
    const selections: string[] = [];
    if (!isAbstractType(type) && !isObjectType(type)) return '';
    const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
    const eligible = fields.filter(({ type: fieldType }) => depth < 3 || !isCompositeType(getNamedType(fieldType)));
    const wanted = [0.25, 0.5, 0.4][depth] ?? 0.4;
    for (const field of eligible) if (chance(wanted)) selections.push(fieldOf(field, depth));
    if (chance(0.2)) selections.push(chance(0.5) ? '__typename' : 't: __typename');
    if (isAbstractType(type)) {
      for (const possible of schema.getPossibleTypes(type)) {
        if (depth < 3 && chance(0.6))
          selections.push(`... on ${possible.name}${conditions()} ${selectionSet(possible, depth + 1)}`);
      }
    } else if (depth < 3 && chance(0.2)) {
      const name = `F${fragments.length}`;
      fragments.push('');
      const index = fragments.length - 1;
      fragments[index] = `fragment ${name} on ${type.name} ${selectionSet(type, depth + 1)}`;
      selections.push(`...${name}${conditions()}`);
    }
    if (selections.length === 0) selections.push('__typename');
    return `{ ${selections.sort(() => random() - 0.5).join(' ')} }`;
  }

  const isMutation = chance(0.1);
  const root = isMutation ? schema.getMutationType() : schema.getQueryType();
  const body = root ? selectionSet(root, 0) : '{ __typename }';
  const declared = [...definitions].map(([name, type]) => `$${name}: ${type}`).join(', ');
  const head = `${isMutation ? 'mutation' : 'query'} Random${declared === '' ? '' : `(${declared})`}`;
  return { query: `${head} ${body}\n${fragments.join('\n')}`, variables };
}
