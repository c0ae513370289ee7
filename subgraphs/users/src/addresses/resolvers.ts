import { payloadOf, type Result } from '@shopgraph/kit';
import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { UserType } from '../accounts/types';
import type { User } from '../accounts/user';
import { findVisibleUser, type UsersContext } from '../context';
import { signedInUser } from '../sessions/signed-in-user';
import type { Address, AddressProblem } from './address';
import { changesIn, fieldsIn } from './given-address';
import { AddressArgs, AddressBookInput, AddressUpdateInput } from './inputs';
import { AddressPayload, AddressType } from './types';
import { addressError } from './user-errors';

@Resolver(() => UserType)
export class UserAddressResolver {
  @FieldResolver(() => [AddressType], { description: 'The addresses that they keep, oldest first, at most 50.' })
  async addresses(@Root() { id }: User, @Ctx() { loaders }: UsersContext): Promise<readonly Address[]> {
    const book = await loaders.addressBookByUserId.load(id);
    return book?.addresses ?? [];
  }
}

@Resolver()
export class AddressResolver {
  @Mutation(() => AddressPayload, { description: 'Adds an address to the address book of whoever makes this request.' })
  addressCreate(
    @Arg('input', () => AddressBookInput, { description: 'The address.' }) input: AddressBookInput,
    @Ctx() context: UsersContext,
  ) {
    const { id } = signedInUser(context.viewer);
    return answer(context.addressService.create(id, fieldsIn(input), context), context);
  }

  @Mutation(() => AddressPayload, { description: 'Changes what is given of an own address and leaves the rest.' })
  addressUpdate(
    @Args(() => AddressArgs) args: AddressArgs,
    @Arg('input', () => AddressUpdateInput, { description: 'The changes.' }) input: AddressUpdateInput,
    @Ctx() context: UsersContext,
  ) {
    return answer(context.addressService.update(targetOf(args, context), changesIn(input), context), context);
  }

  @Mutation(() => AddressPayload, { description: 'Deletes an own address.' })
  addressDelete(@Args(() => AddressArgs) args: AddressArgs, @Ctx() context: UsersContext) {
    return answer(context.addressService.remove(targetOf(args, context), context), context);
  }
}

function targetOf({ id, expectedVersion = null }: AddressArgs, { viewer }: UsersContext) {
  return { userId: signedInUser(viewer).id, id, expectedVersion };
}

async function answer(changing: Promise<Result<Address, AddressProblem>>, context: UsersContext) {
  const result = await changing;
  const user = result.ok ? await findVisibleUser(signedInUser(context.viewer).id, context) : null;
  return { ...payloadOf('address', result, addressError), user };
}
