import { GraphPermission, type Permission } from '@shopgraph/kit';
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
