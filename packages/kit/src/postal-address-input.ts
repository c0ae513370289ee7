import { Field, InputType } from 'type-graphql';
import { IsPlainLine } from './plain-line';
import { GraphQLCountryCode } from './scalars';
import { IsCountryCode, TrimmedString } from './validation';

/** The fields of every input that holds an address, so that an address that one service keeps suits every other. */
@InputType({ description: 'An address.' })
export abstract class PostalAddressInput {
  @Field(() => String, { description: 'Who it is for.' })
  @TrimmedString(1, 100)
  @IsPlainLine()
  name!: string;

  @Field(() => String, { description: 'Street and number.' })
  @TrimmedString(1, 200)
  @IsPlainLine()
  line1!: string;

  @Field(() => String, { nullable: true, description: 'What the first line has no room for.' })
  @TrimmedString(0, 200)
  @IsPlainLine()
  line2?: string | null;

  @Field(() => String, { description: 'The town.' })
  @TrimmedString(1, 100)
  @IsPlainLine()
  city!: string;

  @Field(() => String, { nullable: true, description: 'State or province.' })
  @TrimmedString(0, 100)
  @IsPlainLine()
  region?: string | null;

  @Field(() => String, { nullable: true, description: 'The postal code.' })
  @TrimmedString(0, 20)
  @IsPlainLine()
  postalCode?: string | null;

  @Field(() => GraphQLCountryCode, { description: 'The country.' })
  @IsCountryCode()
  country!: string;

  @Field(() => String, { nullable: true, description: 'For the carrier.' })
  @TrimmedString(0, 30)
  @IsPlainLine()
  phone?: string | null;
}
