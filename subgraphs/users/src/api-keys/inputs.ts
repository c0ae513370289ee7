import {
  GraphPermission,
  GraphQLDateTime,
  isAddressOrBlock,
  IsPlainLine,
  IsTypeId,
  type Permission,
  TrimmedString,
} from '@shopgraph/kit';
import { ArrayMaxSize, ArrayNotEmpty, Max, Min, ValidateBy } from 'class-validator';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';

const DAY_IN_SECONDS = 86_400;

/** Input field: a list of IP addresses and CIDR blocks. */
function AreAddressesOrBlocks() {
  return ValidateBy(
    {
      name: 'areAddressesOrBlocks',
      validator: {
        validate: (value) => typeof value === 'string' && isAddressOrBlock(value),
        defaultMessage: () => '$property must be IP addresses or CIDR blocks, such as 192.0.2.0/24 or 2001:db8::1',
      },
    },
    { each: true },
  );
}

@InputType({ description: 'What an API key is for, and how it may be used.' })
export class ApiKeyCreateInput {
  @Field(() => String, { description: 'What people call it: the program that is to use it.' })
  @TrimmedString(1, 100)
  @IsPlainLine()
  name!: string;

  @Field(() => [GraphPermission], { description: 'What it may do; nothing that whoever makes it does not hold.' })
  @ArrayNotEmpty()
  @ArrayMaxSize(100)
  scopes!: Permission[];

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it ends by itself; without it never.' })
  expiresAt?: Date | null;

  @Field(() => [String], {
    defaultValue: [],
    description: 'IP addresses and CIDR blocks, IPv4 and IPv6, from which it works; empty for everywhere.',
  })
  @ArrayMaxSize(100)
  @AreAddressesOrBlocks()
  allowedIps!: string[];

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether requests may be signed with it instead of carrying it. The shop then keeps the secret, encrypted, ' +
      'where otherwise it keeps a hash only.',
  })
  allowSignature!: boolean;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether requests have to be signed with it, so that it never travels. Implies `allowSignature`.',
  })
  requireSignature!: boolean;
}

@ArgsType()
export class ApiKeyArgs {
  @Field(() => ID, { description: 'Id of the API key.' })
  @IsTypeId('apikey')
  id!: string;
}

@ArgsType()
export class ApiKeyRotateArgs extends ApiKeyArgs {
  @Field(() => Int, {
    defaultValue: DAY_IN_SECONDS,
    description:
      'Seconds for which the secret before still works, a day unless given and a week at the most; 0 ends it at once.',
  })
  @Min(0)
  @Max(7 * DAY_IN_SECONDS)
  overlapSeconds!: number;
}
