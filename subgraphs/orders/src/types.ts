import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id")')
@ObjectType({ description: 'Somebody with an account. Visible to themself, and to staff with `user:read`.' })
export class User {
  @Field(() => ID, { description: 'Id of the user.' })
  id!: string;
}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType({ description: 'What can be bought: a product in one choice of its options.' })
export class ProductVariant {
  @Field(() => ID, { description: 'Id of the variant.' })
  id!: string;
}
