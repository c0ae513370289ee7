import { TrimmedString } from '@shopgraph/kit';
import { Length } from 'class-validator';
import { ArgsType, Field } from 'type-graphql';
import { IsEmailAddress, MAX_EMAIL, MAX_PASSWORD } from '../accounts/inputs';

@ArgsType()
export class RequestEmailChangeArgs {
  @Field(() => String, { description: 'The address that the account is to have.' })
  @TrimmedString(1, MAX_EMAIL)
  @IsEmailAddress()
  newEmail!: string;

  @Field(() => String, { description: 'The password of the account.' })
  @Length(1, MAX_PASSWORD)
  password!: string;
}
