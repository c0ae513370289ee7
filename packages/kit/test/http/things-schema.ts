import 'reflect-metadata';
import { ValidateNested } from 'class-validator';
import type { GraphQLSchema } from 'graphql';
import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Call } from '../../src/call';
import { DomainError } from '../../src/errors';
import { buildFederatedSchema } from '../../src/federated-schema';
import { MoneyInput, readMoneyInput } from '../../src/graphql-money';
import { allow, visible } from '../../src/permissions';
import { GraphQLCountryCode } from '../../src/scalars';
import { IsCountryCode, IsTypeId, TrimmedString } from '../../src/validation';

@Directive('@key(fields: "id")')
@ObjectType()
class Thing {
  @Field(() => ID)
  id!: string;

  @Field(() => Thing, { nullable: true })
  inner?: Thing | null;
}

@InputType()
class PartInput {
  @Field(() => String)
  @TrimmedString(1, 5)
  name!: string;
}

@InputType()
export class ThingInput {
  @Field(() => String, { nullable: true })
  @TrimmedString(1, 10)
  name?: string | null;

  @Field(() => [String], { nullable: true })
  @TrimmedString(1, 5, { each: true })
  tags?: string[] | null;

  @Field(() => String, { nullable: true })
  password?: string | null;

  @Field(() => ID, { nullable: true })
  @IsTypeId('prod')
  productId?: string | null;

  @Field(() => GraphQLCountryCode, { nullable: true })
  @IsCountryCode()
  country?: string | null;

  @Field(() => MoneyInput, { nullable: true })
  @ValidateNested()
  price?: MoneyInput | null;

  @Field(() => [PartInput], { nullable: true })
  @ValidateNested({ each: true })
  parts?: PartInput[] | null;
}

/** What a resolver can go wrong with. */
const FAILURES: Readonly<Record<string, () => Error>> = {
  conflict: () => new DomainError('CONFLICT'),
  unexpected: () => new Error('connect ECONNREFUSED mongo-7.internal:27017'),
};

@Resolver()
class ThingResolver {
  @Query(() => Thing)
  thing(@Arg('id', () => ID) id: string): Thing {
    const inner = (depth: number): Thing => ({ id, inner: depth > 0 ? inner(depth - 1) : null });
    return inner(30);
  }

  /** The call as resolvers see it, in JSON. */
  @Query(() => String)
  call(@Ctx() { viewer, requestId, traceparent, deadline }: Call): string {
    return JSON.stringify({ viewer, requestId, traceparent, deadline });
  }

  @Query(() => String, { nullable: true })
  fail(@Arg('how', () => String) how: string): string {
    throw FAILURES[how]?.() ?? new Error('unknown failure');
  }

  /** The input as resolvers see it, in JSON. */
  @Mutation(() => String)
  thingCreate(@Arg('input', () => ThingInput) input: ThingInput): string {
    const price = input.price && readMoneyInput(input.price, ['input', 'price']);
    return JSON.stringify(Object.assign({}, input, price && { price }));
  }
}

/** A subgraph that lets a test see what the kit does before and after a resolver. */
export function thingsSchema(): GraphQLSchema {
  return buildFederatedSchema<Call>({
    resolvers: [ThingResolver],
    types: [Thing],
    entities: { Thing: ({ id }) => ({ id }) },
    permissions: {
      ...visible('Things hide nothing.', 'Thing'),
      Query: { thing: allow, call: allow, fail: allow },
      Mutation: { thingCreate: allow },
    },
  });
}
