import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id")')
@ObjectType({ description: 'Somebody with an account; users owns it, orders knows what they buy.' })
export class User {
  @Field(() => ID, { description: 'Id of the user.' })
  id!: string;
}

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType({ description: 'What is sold; products owns it.' })
export class ProductVariant {
  @Field(() => ID, { description: 'Id of the variant.' })
  id!: string;
}
