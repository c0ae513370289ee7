import { GraphQLCountryCode, IsPlainLine, IsTypeId, TrimmedString } from '@shopgraph/kit';
import { ArrayMaxSize, IsISO31661Alpha2, IsUppercase, Min } from 'class-validator';
import { Field, ID, InputType, Int } from 'type-graphql';

@InputType({ description: 'A location as it is to be.' })
export class LocationUpsertInput {
  @Field(() => ID, { nullable: true, description: 'Which location; without it, or with one that is new, it is added.' })
  @IsTypeId('loc')
  id?: string | null;

  @Field(() => String, { description: 'What people call it, unique.' })
  @TrimmedString(1, 100)
  @IsPlainLine()
  name!: string;

  @Field(() => [GraphQLCountryCode], { defaultValue: [], description: 'Where it delivers; empty for everywhere.' })
  @ArrayMaxSize(250)
  @IsISO31661Alpha2({ each: true, message: 'countries must be countries of ISO 3166-1' })
  @IsUppercase({ each: true, message: 'countries must be capital letters' })
  countries!: string[];

  @Field(() => Int, {
    nullable: true,
    description: 'Refuse unless the location has this version; 0 where there must be none yet.',
  })
  @Min(0)
  expectedVersion?: number | null;
}
