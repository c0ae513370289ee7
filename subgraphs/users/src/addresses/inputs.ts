import {
  GraphQLCountryCode,
  IsCountryCode,
  IsPlainLine,
  IsTypeId,
  PostalAddressInput,
  TrimmedString,
} from '@shopgraph/kit';
import { Min } from 'class-validator';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';

@InputType({ description: 'A new address of the address book.' })
export class AddressBookInput extends PostalAddressInput {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether goods go there unless told; the address that was it no longer is.',
  })
  isDefaultShipping?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether bills go there unless told; the address that was it no longer is.',
  })
  isDefaultBilling?: boolean | null;
}

@InputType({
  description:
    'What to change of an address: what is left out, or null, stays as it is; an empty text takes away what may be missing.',
})
export class AddressUpdateInput {
  @Field(() => String, { nullable: true, description: 'Who it is for.' })
  @TrimmedString(1, 100)
  @IsPlainLine()
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Street and number.' })
  @TrimmedString(1, 200)
  @IsPlainLine()
  line1?: string | null;

  @Field(() => String, { nullable: true, description: 'What the first line has no room for.' })
  @TrimmedString(0, 200)
  @IsPlainLine()
  line2?: string | null;

  @Field(() => String, { nullable: true, description: 'The town.' })
  @TrimmedString(1, 100)
  @IsPlainLine()
  city?: string | null;

  @Field(() => String, { nullable: true, description: 'State or province.' })
  @TrimmedString(0, 100)
  @IsPlainLine()
  region?: string | null;

  @Field(() => String, { nullable: true, description: 'The postal code.' })
  @TrimmedString(0, 20)
  @IsPlainLine()
  postalCode?: string | null;

  @Field(() => GraphQLCountryCode, { nullable: true, description: 'The country.' })
  @IsCountryCode()
  country?: string | null;

  @Field(() => String, { nullable: true, description: 'For the carrier.' })
  @TrimmedString(0, 30)
  @IsPlainLine()
  phone?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether goods go there unless told; true takes it from the address that was it.',
  })
  isDefaultShipping?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether bills go there unless told; true takes it from the address that was it.',
  })
  isDefaultBilling?: boolean | null;
}

@ArgsType()
export class AddressArgs {
  @Field(() => ID, { description: 'The address.' })
  @IsTypeId('addr')
  id!: string;

  @Field(() => Int, { nullable: true, description: 'Refuse unless this is its version.' })
  @Min(1)
  expectedVersion?: number | null;
}
