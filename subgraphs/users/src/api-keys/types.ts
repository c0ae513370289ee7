import { connectionOf, GraphPermission, GraphQLDateTime, type Permission, UserError } from '@shopgraph/kit';
import { Field, ID, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'What a program proves itself by, on behalf of the user who made it.' })
export class ApiKey {
  @Field(() => ID, { description: 'Id of the API key.' })
  id!: string;

  @Field(() => String, { description: 'What people call it.' })
  name!: string;

  @Field(() => String, { description: 'How the newest secret begins and ends: `sk_live_…x9Yz`.' })
  hint!: string;

  @Field(() => [GraphPermission], { description: 'What it may do, as far as its owner may do it at the moment.' })
  scopes!: Permission[];

  @Field(() => [String], { description: 'IP addresses and CIDR blocks from which it works; empty for everywhere.' })
  allowedIps!: string[];

  @Field(() => Boolean, { description: 'Whether requests may be signed with it instead of carrying it.' })
  allowSignature!: boolean;

  @Field(() => Boolean, { description: 'Whether it works in signed requests only.' })
  requireSignature!: boolean;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it ends by itself; null for never.' })
  expiresAt!: Date | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When it was last used, to the minute; null where it never was.',
  })
  lastUsedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'From which address it was used then.' })
  lastUsedIp!: string | null;

  @Field(() => GraphQLDateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When it was ended; null while it was not.' })
  revokedAt!: Date | null;

  @Field(() => Int, { description: 'Rises with every change, not with its use.' })
  version!: number;
}

export const ApiKeyConnection = connectionOf(ApiKey);

@ObjectType({ description: 'What became of a new API key, or a new secret of one.' })
export class ApiKeyCreatedPayload {
  @Field(() => ApiKey, { nullable: true, description: 'The API key afterwards; null when refused.' })
  apiKey!: ApiKey | null;

  @Field(() => String, { nullable: true, description: 'Its new secret, shown this once; null when refused.' })
  secret!: string | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of a change of an API key.' })
export class ApiKeyPayload {
  @Field(() => ApiKey, { nullable: true, description: 'The API key afterwards; null when refused.' })
  apiKey!: ApiKey | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}
