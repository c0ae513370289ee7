import type { GraphQLSchema } from 'graphql';
import type { IMiddlewareTypeMap } from 'graphql-middleware';
import { type IRules, shield } from 'graphql-shield';
import { DomainError } from './errors';
import { allow, deny, type PermissionTable, type ShieldRule, visible } from './permissions';
import { type RuleTable, ruleOf, unguardedFields, unknownNames } from './rule-table';

/** What only gateways ask for. */
const FEDERATION_FIELDS = { _service: allow, _entities: allow };

/** Types that the kit gives to every subgraph that uses them. */
const SHARED_TYPES = visible(
  'They say nothing beside what whoever got their parent may see.',
  'GenericUserError',
  'Money',
  'PageInfo',
  '_Service',
);

/**
 * The middleware that enforces a table on a schema. Rules of a type hold wherever the type is reached, also by
 * `_entities`, which the rules of root fields never see. Fields that everybody may see are not wrapped.
 * @throws Error that lists the fields for which the table has no rule, or what it names that there is not.
 */
export function enforce(permissions: PermissionTable, schema: GraphQLSchema): IMiddlewareTypeMap {
  const queries = schema.getQueryType()?.getFields() ?? {};
  const table: RuleTable<ShieldRule> = {
    ...existing(SHARED_TYPES, schema.getTypeMap()),
    ...permissions,
    Query: { ...existing(FEDERATION_FIELDS, queries), ...permissions.Query },
  };
  assertExplicit(table, schema);
  // Without allowExternalErrors, shield would replace the errors of resolvers by its own.
  const options = { allowExternalErrors: true, fallbackRule: deny, fallbackError: new DomainError('FORBIDDEN') };
  const wrapped = shield(table as IRules, options).generate(schema) as IMiddlewareTypeMap;
  return withoutOpenFields(wrapped, table);
}

function existing<Rule>(rules: Readonly<Record<string, Rule>>, names: object): Record<string, Rule> {
  return Object.fromEntries(Object.entries(rules).filter(([name]) => Object.hasOwn(names, name)));
}

function assertExplicit(table: RuleTable<ShieldRule>, schema: GraphQLSchema): void {
  const unguarded = unguardedFields(table, schema);
  if (unguarded.length > 0) {
    throw new Error(
      `The permissions of this subgraph (permissions.ts) have no rule for ${unguarded.join(', ')}. Nothing is open ` +
        'unless it says so: give each field, or its type, a rule such as hasPermission(…), isSignedIn or allow. ' +
        'List types that whoever got their parent may see in ...visible(reason, …types). Name root fields one by ' +
        'one. The gateway refuses what its own table does not name: add it to permissions.ts and visible-types.ts in gateway/src/access/.',
    );
  }
  const unknown = unknownNames(table, schema);
  if (unknown.length > 0) {
    throw new Error(`The permissions of this subgraph (permissions.ts) name what there is not: ${unknown.join(', ')}.`);
  }
}

/** Shield wraps every field, also those that everybody may see, and a wrapped field costs a promise. */
function withoutOpenFields(wrapped: IMiddlewareTypeMap, table: RuleTable<ShieldRule>): IMiddlewareTypeMap {
  const types = Object.entries(wrapped).map(([type, fields]) => {
    const guarded = Object.entries(fields).filter(([field]) => ruleOf(table, type, field) !== allow);
    return [type, Object.fromEntries(guarded)] as const;
  });
  return Object.fromEntries(types.filter(([, fields]) => Object.keys(fields).length > 0));
}
