import {
  buildASTSchema,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  parse,
  print,
} from 'graphql';
import { argumentsText, printFieldSet } from './field-sets';
import { withInaccessible } from './inaccessible';
import { changeRequirements, hasFields, requirementsOf, visitFields } from './requirements';
import { standInName } from './response-names';

/** A field, by its `Type.field`, that requires stand-ins. */
type RequiredBy = ReadonlyMap<string, ReadonlySet<string>>;

/** Fields without arguments that the planner sees in place of a field that is required with different ones. */
export interface StandIns {
  /** What each of them stands for, by its name. */
  readonly fields: ReadonlyMap<string, FieldNode>;
  readonly requiredBy: RequiredBy;
}

/** A supergraph that the planner understands, and what is to be put right in its plans. */
export interface PlannableSupergraph {
  /** Options of Apollo's gateway. Composition has validated the supergraph; unused leftovers of ours do not matter. */
  readonly apollo: { readonly supergraphSdl: string; readonly validateSupergraph?: false };
  readonly standIns: StandIns;
}

/**
 * The same supergraph, in which no two fields `@requires` the same field with different arguments: the planner would
 * ask for it once, with the arguments of either. Each use has a field of its own instead, hidden from clients, which
 * `withoutStandIns` turns back into what it stands for.
 */
export function distinctRequirements(supergraphSdl: string): PlannableSupergraph {
  const supergraph = parse(supergraphSdl, { noLocation: true });
  const none = { apollo: { supergraphSdl }, standIns: { fields: new Map(), requiredBy: new Map() } };
  if (!requirementsOf(supergraph).some(({ fieldSet }) => printFieldSet(fieldSet).includes('('))) return none;
  const schema = buildASTSchema(supergraph, { assumeValid: true, assumeValidSDL: true });
  const ambiguous = ambiguousFields(supergraph, schema);
  if (ambiguous.size === 0) return none;

  const fields = new Map<string, FieldNode>();
  const names = new Map<string, string>();
  const requiredBy = new Map<string, Set<string>>();
  /** Names of stand-ins, by the `Type.field` that they stand for. */
  const added = new Map<string, Set<string>>();
  const standInFor = (owners: readonly string[], field: FieldNode): string => {
    const use = `${field.name.value}(${argumentsText(field)})`;
    const name = names.get(use) ?? standInName(field.name.value, names.size + 1);
    names.set(use, name);
    fields.set(name, field);
    for (const owner of owners) addTo(added, owner, name);
    return name;
  };

  const replaced = changeRequirements(supergraph, (fieldSet, type, requirer) =>
    visitFields(fieldSet, type, schema, (field, owners) => {
      if (!owners.some((owner) => ambiguous.has(owner))) return undefined;
      const name = standInFor(owners, field);
      addTo(requiredBy, requirer, name);
      return { ...field, name: { kind: Kind.NAME, value: name }, arguments: [] };
    }),
  );
  for (const [owner, standIns] of added) {
    const required = requiredBy.get(owner);
    const type = owner.slice(0, owner.indexOf('.'));
    if (required) for (const name of standIns) requiredBy.set(`${type}.${name}`, required);
  }
  const changed = print(withInaccessible(withFields(replaced, added)));
  return { apollo: { supergraphSdl: changed, validateSupergraph: false }, standIns: { fields, requiredBy } };
}

/** Every `Type.field` that is required with different arguments, on the type or on an interface of it. */
function ambiguousFields(supergraph: DocumentNode, schema: GraphQLSchema): ReadonlySet<string> {
  const uses = new Map<string, Set<string>>();
  for (const { fieldSet, type } of requirementsOf(supergraph)) {
    visitFields(fieldSet, type, schema, (field, owners) => {
      for (const owner of owners) addTo(uses, owner, argumentsText(field));
      return undefined;
    });
  }
  return new Set([...uses].filter(([, texts]) => texts.size > 1).map(([owner]) => owner));
}

/** Adds to each type copies of its fields under other names. */
function withFields(supergraph: DocumentNode, added: ReadonlyMap<string, ReadonlySet<string>>): DocumentNode {
  const definitions = supergraph.definitions.map((definition) => {
    if (!hasFields(definition)) return definition;
    const fields = (definition.fields ?? []).flatMap((field) => [
      field,
      ...[...(added.get(`${definition.name.value}.${field.name.value}`) ?? [])].map((name) => hiddenCopy(field, name)),
    ]);
    return { ...definition, fields };
  });
  return { ...supergraph, definitions };
}

function hiddenCopy({ type, directives = [] }: FieldDefinitionNode, name: string): FieldDefinitionNode {
  const inaccessible = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'inaccessible' } } as const;
  return {
    kind: Kind.FIELD_DEFINITION,
    name: { kind: Kind.NAME, value: name },
    type,
    directives: [...directives.filter((directive) => directive.name.value.startsWith('join__')), inaccessible],
  };
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(value));
}
