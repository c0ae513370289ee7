import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';

/** Knows which types of the supergraph are which, those that clients do not see included. */
export class Types {
  constructor(private readonly supergraph: GraphQLSchema) {}

  /** Whether there is a type of this name. */
  has(typename: unknown): boolean {
    return typeof typename === 'string' && this.supergraph.getType(typename) !== undefined;
  }

  /** Whether a value that calls itself `typename` is one of `type`; nothing is known of one without a name. */
  isOfType(typename: unknown, type: string): boolean {
    if (typename === type) return true;
    if (typeof typename !== 'string') return false;
    const [actual, expected] = [this.supergraph.getType(typename), this.supergraph.getType(type)];
    if (!isAbstractType(expected) || !(isObjectType(actual) || isInterfaceType(actual))) return false;
    return this.supergraph.isSubType(expected, actual);
  }
}
