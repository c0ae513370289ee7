import { type GraphQLObjectType, type GraphQLSchema, isIntrospectionType, isObjectType } from 'graphql';

/** What decides whether a field may be asked for: a rule of graphql-shield. */
export interface AnyRule {
  resolve(...args: never[]): unknown;
}

type FieldRules<Rule> = Readonly<Record<string, Rule>>;

/** Which rule guards which object type or field; `'*'` stands for the fields that a type does not name. */
export type RuleTable<Rule extends AnyRule> = Readonly<Record<string, Rule | FieldRules<Rule>>>;

/** The rule that guards a field of an object type; undefined where the table has none. */
export function ruleOf<Rule extends AnyRule>(table: RuleTable<Rule>, type: string, field: string): Rule | undefined {
  const rules = own(table, type);
  if (rules === undefined || isRule(rules)) return rules;
  return own(rules, field) ?? own(rules, '*');
}

/**
 * What the table has no rule for, of a schema's object types: `Type.field`, or `Type` where it is all of it. Root
 * fields have to be named, each by itself: a rule for a whole root type would open the next field that is added.
 */
export function unguardedFields<Rule extends AnyRule>(table: RuleTable<Rule>, schema: GraphQLSchema): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return objectTypes(schema).flatMap((type) => {
    const rules = own(table, type.name);
    const isGuarded = (field: string): boolean => {
      if (!roots.includes(type)) return ruleOf(table, type.name, field) !== undefined;
      return rules !== undefined && !isRule(rules) && own(rules, field) !== undefined;
    };
    const fields = Object.keys(type.getFields());
    const unguarded = fields.filter((field) => !isGuarded(field));
    if (unguarded.length === fields.length && !roots.includes(type)) return [type.name];
    return unguarded.map((field) => `${type.name}.${field}`);
  });
}

/** Types and fields that the table names and the schema does not have, as `Type` or `Type.field`. */
export function unknownNames<Rule extends AnyRule>(table: RuleTable<Rule>, schema: GraphQLSchema): string[] {
  return Object.entries(table).flatMap(([name, rules]) => {
    const type = schema.getType(name);
    if (!isObjectType(type)) return [name];
    const fields = isRule(rules) ? [] : Object.keys(rules);
    return fields.filter((field) => field !== '*' && !type.getFields()[field]).map((field) => `${name}.${field}`);
  });
}

function objectTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !isIntrospectionType(type));
}

function isRule<Rule extends AnyRule>(rules: Rule | FieldRules<Rule>): rules is Rule {
  return typeof rules.resolve === 'function';
}

/** Not what every object has, such as `constructor`, which is a name like others in GraphQL. */
function own<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
