import { DomainError, IsPlainLine, IsTypeId, TrimmedString } from '@shopgraph/kit';
import { ArrayMaxSize, Length, ValidateBy } from 'class-validator';
import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { normaliseEmail } from './email-address';

/** Longer than any address, so that it is the address that is refused, not its length. */
export const MAX_EMAIL = 320;
/** Bounds what has to be hashed and estimated; nobody's password manager makes longer ones. */
export const MAX_PASSWORD = 1_024;
const MAX_TOKEN = 512;
export const MAX_NAME = 200;

/** Input field: something that `normaliseEmail` can read. */
export function IsEmailAddress() {
  return ValidateBy({
    name: 'isEmailAddress',
    validator: {
      validate: (value) => typeof value === 'string' && normaliseEmail(value) !== null,
      defaultMessage: () => '$property must be an e-mail address',
    },
  });
}

@InputType({ description: 'Who wants an account.' })
export class RegisterInput {
  @Field(() => String, { description: 'Their e-mail address; a mail asks them to confirm it.' })
  @TrimmedString(1, MAX_EMAIL)
  @IsEmailAddress()
  email!: string;

  @Field(() => String, {
    description:
      'At least 12 characters, or fewer that are hard to guess; none that is common, breached or like the name.',
  })
  @Length(1, MAX_PASSWORD)
  password!: string;

  @Field(() => String, { description: 'How they want to be called.' })
  @TrimmedString(1, MAX_NAME)
  @IsPlainLine()
  name!: string;
}

@InputType({ description: 'Who wants to sign in.' })
export class LoginInput {
  @Field(() => String, { description: 'The e-mail address of the account.' })
  @TrimmedString(1, MAX_EMAIL)
  @IsEmailAddress()
  email!: string;

  @Field(() => String, { description: 'The password of the account.' })
  @Length(1, MAX_PASSWORD)
  password!: string;
}

@ArgsType()
export class TokenArgs {
  @Field(() => String, { description: 'The token, as it was given out.' })
  @Length(1, MAX_TOKEN)
  token!: string;
}

@ArgsType()
export class RefreshTokenArgs {
  @Field(() => String, {
    nullable: true,
    description: 'The token, as it was given out; null to use the one in the refresh cookie.',
  })
  @Length(1, MAX_TOKEN)
  token?: string | null;
}

@ArgsType()
export class SessionArgs {
  @Field(() => ID, { description: 'Id of the session.' })
  @IsTypeId('sess')
  id!: string;
}

@ArgsType()
export class UserArgs {
  @Field(() => ID, { description: 'Id of the user.' })
  @IsTypeId('user')
  id!: string;
}

@ArgsType()
export class UserSetRolesArgs extends UserArgs {
  @Field(() => [ID], { description: 'Ids of all the roles that the user is to have.' })
  @ArrayMaxSize(20)
  @Length(1, 64, { each: true })
  roleIds!: string[];
}

/**
 * The address in an input that was validated, as it is known.
 * @throws DomainError BAD_USER_INPUT when it is none.
 */
export function readEmail(text: string): string {
  const email = normaliseEmail(text);
  if (email === null) throw new DomainError('BAD_USER_INPUT');
  return email;
}
