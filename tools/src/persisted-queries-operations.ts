import { createHash } from 'node:crypto';
import {
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  Kind,
  OperationTypeNode,
  parse,
} from 'graphql';

/** An operation of the client, as it is known to the shop. */
export interface ClientOperation {
  readonly name: string;
  readonly kind: `${OperationTypeNode}`;
  /** What the client sends, to the byte. */
  readonly body: string;
  /** SHA-256 of the body, in hexadecimal. */
  readonly hash: string;
  /** The name of the document among the exports of the generated module. */
  readonly document: string;
  /** What the schema says about the field that it asks for. */
  readonly description: string;
  readonly needsVariables: boolean;
  /** Whether asking twice is as good as asking once: all but mutations that take no idempotency key. */
  readonly repeatable: boolean;
}

/**
 * Reads the operations from the generated module itself, so that hashes are those of what the client sends.
 * @throws Error for an operation without a name, or with other than one root field.
 */
export async function readOperations(module: string, api: GraphQLSchema): Promise<ClientOperation[]> {
  const exported = (await import(module)) as Readonly<Record<string, unknown>>;
  return Object.entries(exported)
    .filter(([name]) => name.endsWith('Document'))
    .map(([document, body]) => operationOf(document, String(body), api))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function operationOf(document: string, body: string, api: GraphQLSchema): ClientOperation {
  const [definition] = parse(body).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION || definition.name === undefined) {
    throw new Error(`${document} does not begin with a named operation`);
  }
  const { name, operation: kind, variableDefinitions = [], selectionSet } = definition;
  const [selection, ...others] = selectionSet.selections;
  const field = selection?.kind === Kind.FIELD && api.getRootType(kind)?.getFields()[selection.name.value];
  if (!field || others.length > 0) throw new Error(`${name.value} must ask for one root field`);
  return {
    name: name.value,
    kind,
    body,
    hash: createHash('sha256').update(body).digest('hex'),
    document,
    description: field.description ?? '',
    needsVariables: variableDefinitions.some(
      ({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined,
    ),
    repeatable: kind !== OperationTypeNode.MUTATION || takesIdempotencyKey(field),
  };
}

function takesIdempotencyKey({ args }: GraphQLField<unknown, unknown>): boolean {
  return args.some(({ name, type }) => {
    const input = getNamedType(type);
    return name === 'idempotencyKey' || (isInputObjectType(input) && 'idempotencyKey' in input.getFields());
  });
}
