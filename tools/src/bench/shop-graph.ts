import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';
import { ROOT } from '../check-generated-files';
import type { BenchSubgraph, Operation } from './bench-graph';
import { clientOperations } from './client-operations';

const SUBGRAPHS = ['users', 'products', 'inventory', 'orders'];
const LIST_SIZE = 3;

/** An object that was made up: which one of its list it is, and how long lists in it are to be. */
interface MadeUp {
  readonly place: number;
  readonly size: number;
}

/** What a page was asked for. */
interface PageArguments {
  readonly first?: number | null;
}

const SCALARS: Readonly<Record<string, (text: string, place: number) => unknown>> = {
  Int: (_text, place) => place + 1,
  Long: (_text, place) => (place + 1) * 100,
  Float: (_text, place) => place + 0.5,
  Boolean: () => true,
  Decimal: (_text, place) => `${place + 1}.00`,
  CurrencyCode: () => 'EUR',
  DateTime: () => '2026-01-31T12:00:00Z',
};

/** Makes up an answer that fits the schema and is always the same; what a representation says is taken from it. */
const madeUp: GraphQLFieldResolver<Partial<MadeUp> & Record<string, unknown>, unknown, PageArguments> = (
  source,
  { first },
  _context,
  { fieldName, parentType, returnType, schema },
) => {
  if (source[fieldName] !== undefined) return source[fieldName];
  const { place = 0, size = LIST_SIZE } = source;
  const valueOf = (type: GraphQLOutputType, at: number): unknown => {
    if (isNonNullType(type)) return valueOf(type.ofType, at);
    if (isListType(type)) return Array.from({ length: size }, (_, index) => valueOf(type.ofType, at * size + index));
    if (isEnumType(type)) return type.getValues()[0]?.value;
    if (isScalarType(type)) {
      const text = `${parentType.name} ${fieldName} ${at}`;
      return SCALARS[type.name]?.(text, at) ?? text;
    }
    const [member = type] = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
    return { __typename: member.name, place: at, size: first ?? LIST_SIZE } satisfies MadeUp & { __typename: string };
  };
  return valueOf(returnType, place);
};

/** The shop's own schema, with answers that are made up. */
export const shopGraph: readonly BenchSubgraph[] = SUBGRAPHS.map((name) => ({
  name,
  typeDefs: readFileSync(join(ROOT, `schema/${name}.graphql`), 'utf8'),
  fieldResolver: madeUp,
}));

/** The page of a product, as the shop's client asks for it. */
export function shopOperations(): Readonly<Record<string, Operation>> {
  const page = clientOperations().find(({ name }) => name === 'product');
  if (!page) throw new Error('the client has no operation named product');
  return { "Q4: the shop's page of a product": { query: page.body, variables: { slug: 'a-thing', variants: 20 } } };
}
