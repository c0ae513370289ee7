import { GraphQLDateTime, IsTypeId, UserError } from '@shopgraph/kit';
import { IsIP, Length, Matches } from 'class-validator';
import { Directive, Field, ID, InputType, ObjectType } from 'type-graphql';

/** SHA-256 in base64url. */
const HASH = /^[\w-]{43}$/;

@Directive('@inaccessible')
@InputType({ description: 'A secret that came with a request.' })
export class ApiKeyAuthenticateInput {
  @Field(() => ID, { description: 'Id of the API key that the secret names.' })
  @IsTypeId('apikey')
  keyId!: string;

  @Field(() => String, { description: 'SHA-256 of the secret, in base64url.' })
  @Matches(HASH)
  secretHash!: string;

  @Field(() => String, { description: 'The address that the request came from.' })
  @IsIP()
  ip!: string;
}

@Directive('@inaccessible')
@InputType({ description: 'What is signed of a request, and the signature.' })
export class ApiKeyVerifySignatureInput {
  @Field(() => ID, { description: 'Id of the API key that the request names.' })
  @IsTypeId('apikey')
  keyId!: string;

  @Field(() => String, { description: 'When it was signed, in seconds since 1970, as sent.' })
  @Matches(/^\d{1,12}$/)
  timestamp!: string;

  @Field(() => String, { description: 'What makes it unlike every other request with this API key.' })
  @Matches(/^[\w-]{16,64}$/)
  nonce!: string;

  @Field(() => String, { description: 'HTTP method, in capitals.' })
  @Matches(/^[A-Z]{1,10}$/)
  method!: string;

  @Field(() => String, { description: 'Path and query, as sent.' })
  @Length(1, 100_000)
  path!: string;

  @Field(() => String, { description: 'SHA-256 of the body, in hexadecimal.' })
  @Matches(/^[0-9a-f]{64}$/)
  bodyHash!: string;

  @Field(() => String, { description: 'HMAC-SHA256 in base64url.' })
  @Matches(HASH)
  signature!: string;

  @Field(() => String, { description: 'The address that the request came from.' })
  @IsIP()
  ip!: string;
}

@Directive('@inaccessible')
@ObjectType({ description: 'The program that a request comes from.' })
export class ApiKeyIdentity {
  @Field(() => ID, { description: 'Id of the API key.' })
  id!: string;

  @Field(() => ID, { description: 'Id of the user for whom it acts.' })
  ownerId!: string;

  @Field(() => [String], { description: 'What it may do at this moment, as tokens name it.' })
  permissions!: string[];

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When what proved it stops working; null where nothing is known to end it.',
  })
  validUntil!: Date | null;
}

@Directive('@inaccessible')
@ObjectType({ description: 'Whether a program is let in.' })
export class ApiKeyAuthenticationPayload {
  @Field(() => ApiKeyIdentity, { nullable: true, description: 'Which program it is; null when refused.' })
  identity!: ApiKeyIdentity | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was let in.' })
  userErrors!: UserError[];
}
