import { getArgumentValues, Kind, type ValueNode } from 'graphql';
import type { SelectedField } from '../access/selected-fields';
import { type Evaluation, once } from './cost';

/** The arguments of a field, by name. */
export type Values = Readonly<Record<string, unknown>>;

/** The arguments of a field: their values, or how they follow from the variables of a request. */
export type FieldArguments = Values | ((evaluation: Evaluation) => Values);

/** What a resolver would get: what is given, with the defaults of the schema for the rest. */
export function argumentsOfField({ definition, node }: SelectedField): FieldArguments {
  const read = (variables: Record<string, unknown>): Values => {
    try {
      return getArgumentValues(definition, node, variables);
    } catch {
      // The field fails by its arguments, when it is executed.
      return {};
    }
  };
  if (!(node.arguments ?? []).some(({ value }) => hasVariables(value))) return read({});
  return once(({ variables }) => read({ ...variables }));
}

function hasVariables(value: ValueNode): boolean {
  if (value.kind === Kind.LIST) return value.values.some(hasVariables);
  if (value.kind === Kind.OBJECT) return value.fields.some((field) => hasVariables(field.value));
  return value.kind === Kind.VARIABLE;
}

/** The value at a path such as `input.page.first`; undefined where there is none. */
export function valueAt(values: Values, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? (value as Values)[name] : undefined),
      values,
    );
}
