import { connectionOf, GraphQLCountryCode, UserError } from '@shopgraph/kit';
import { Field, ID, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A place where stock lies.' })
export class StockLocation {
  @Field(() => ID, { description: 'Id of the location.' })
  id!: string;

  @Field(() => String, { description: 'What people call it, unique.' })
  name!: string;

  @Field(() => [GraphQLCountryCode], { description: 'Where it delivers; empty for everywhere.' })
  countries!: string[];

  @Field(() => Int, { description: 'Rises with every change.' })
  version!: number;
}

export const StockLocationConnection = connectionOf(StockLocation);

@ObjectType({ description: 'What became of a location.' })
export class LocationPayload {
  @Field(() => StockLocation, { nullable: true, description: 'The location afterwards; null when refused.' })
  location!: StockLocation | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}
