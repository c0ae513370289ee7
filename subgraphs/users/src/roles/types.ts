import { GraphPermission, type Permission, UserError } from '@shopgraph/kit';
import { Field, ID, Int, ObjectType } from 'type-graphql';

@ObjectType('Role', { description: 'What a user may do beyond what everybody may.' })
export class RoleType {
  @Field(() => ID, { description: 'Id of the role, such as `SUPPORT`.' })
  id!: string;

  @Field(() => String, { description: 'What people call it.' })
  name!: string;

  @Field(() => [GraphPermission], { description: 'What it permits.' })
  permissions!: Permission[];

  @Field(() => Boolean, { description: 'Whether every shop has it; such roles cannot be changed.' })
  builtIn!: boolean;

  @Field(() => Int, { description: 'Rises with every change.' })
  version!: number;
}

@ObjectType({ description: 'What became of a change of a role.' })
export class RolePayload {
  @Field(() => RoleType, { nullable: true, description: 'The role afterwards; null when refused.' })
  role!: RoleType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of a role that was to be deleted.' })
export class RoleDeletePayload {
  @Field(() => ID, { nullable: true, description: 'Id of the role that there was; null when refused.' })
  deletedId!: string | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}
