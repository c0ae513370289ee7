import { DomainError } from './errors';

/** Arguments of a query, or a reference of another subgraph, whose values nobody has checked. */
type Keys<Name extends string> = Readonly<Partial<Record<Name, unknown>>>;

/**
 * The one key by which something is looked up that has several, such as an id and a slug.
 * @throws DomainError BAD_USER_INPUT, at the path of every key, unless exactly one is given, and that a text.
 */
export function onlyKey<Name extends string>(keys: Keys<Name>): { readonly name: Name; readonly value: string } {
  const given = (Object.entries(keys) as [Name, unknown][]).filter(([, value]) => value != null);
  const [[name, value] = []] = given;
  // A reference may hold anything: what is no text would reach the query as an operator.
  if (given.length === 1 && name !== undefined && typeof value === 'string') return { name, value };
  const names = Object.keys(keys);
  const message = `Give one of ${names.join(' and ')}.`;
  throw new DomainError('BAD_USER_INPUT', { message, fields: names.map((path) => ({ path: [path], message })) });
}
