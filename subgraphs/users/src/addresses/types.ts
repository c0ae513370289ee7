import { GraphQLCountryCode, GraphQLDateTime, UserError } from '@shopgraph/kit';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { UserType } from '../accounts/types';

@ObjectType('Address', { description: 'An address that a user keeps.' })
export class AddressType {
  @Field(() => ID, { description: 'Id of the address.' })
  id!: string;

  @Field(() => String, { description: 'Who it is for.' })
  name!: string;

  @Field(() => String, { description: 'Street and number.' })
  line1!: string;

  @Field(() => String, { nullable: true, description: 'What the first line has no room for.' })
  line2!: string | null;

  @Field(() => String, { description: 'The town.' })
  city!: string;

  @Field(() => String, { nullable: true, description: 'State or province.' })
  region!: string | null;

  @Field(() => String, { nullable: true, description: 'The postal code.' })
  postalCode!: string | null;

  @Field(() => GraphQLCountryCode, { description: 'The country.' })
  country!: string;

  @Field(() => String, { nullable: true, description: 'For the carrier.' })
  phone!: string | null;

  @Field(() => Boolean, { description: 'Whether goods go there unless told: one address at the most.' })
  isDefaultShipping!: boolean;

  @Field(() => Boolean, { description: 'Whether bills go there unless told: one address at the most.' })
  isDefaultBilling!: boolean;

  @Field(() => Int, { description: 'Rises with every change.' })
  version!: number;

  @Field(() => GraphQLDateTime, { description: 'When it was added.' })
  createdAt!: Date;
}

@ObjectType({ description: 'What became of a change of an address.' })
export class AddressPayload {
  @Field(() => AddressType, {
    nullable: true,
    description: 'The address afterwards, or as it was when it is deleted; null when refused.',
  })
  address!: AddressType | null;

  @Field(() => UserType, { nullable: true, description: 'Whose address it is; null when refused.' })
  user!: UserType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}
