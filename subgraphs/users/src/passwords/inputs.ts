import { TrimmedString } from '@shopgraph/kit';
import { Length } from 'class-validator';
import { ArgsType, Field } from 'type-graphql';
import { IsEmailAddress, MAX_EMAIL, MAX_PASSWORD, TokenArgs } from '../accounts/inputs';

@ArgsType()
export class RequestPasswordResetArgs {
  @Field(() => String, { description: 'The e-mail address of the account.' })
  @TrimmedString(1, MAX_EMAIL)
  @IsEmailAddress()
  email!: string;
}

@ArgsType()
export class ResetPasswordArgs extends TokenArgs {
  @Field(() => String, { description: 'The new password; `register` says what it takes.' })
  @Length(1, MAX_PASSWORD)
  password!: string;
}

@ArgsType()
export class ChangePasswordArgs {
  @Field(() => String, { description: 'The present password.' })
  @Length(1, MAX_PASSWORD)
  current!: string;

  @Field(() => String, {
    description: 'The new password, another one than the present; `register` says what it takes.',
  })
  @Length(1, MAX_PASSWORD)
  next!: string;
}
