import {
  type Call,
  type Clock,
  DomainError,
  type IdGenerator,
  inTransaction,
  isDuplicateKey,
  type MongoConnection,
  ok,
  type Result,
} from '@shopgraph/kit';
import type { UserStore } from '../accounts/user-store';
import type { AuditAction } from '../audit/audit-actions';
import type { AuditTrail } from '../audit/audit-trail';
import {
  addAddress,
  type Address,
  type AddressBook,
  type AddressFields,
  type AddressProblem,
  type BookChange,
  changeAddress,
  removeAddress,
} from './address';
import type { AddressStore } from './address-store';

interface Dependencies {
  readonly connection: MongoConnection;
  readonly users: UserStore;
  readonly addresses: AddressStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** One of a user's addresses. */
export interface AddressTarget {
  readonly userId: string;
  readonly id: string;
  /** Null for whichever version it has. */
  readonly expectedVersion: number | null;
}

type Decision = Result<BookChange, AddressProblem>;

/**
 * Keeps the addresses of users; what is not in a user's own book does not exist for them.
 * Everything throws DomainError UNAUTHENTICATED when the account is not in use any more.
 */
export class AddressService {
  constructor(private readonly deps: Dependencies) {}

  /** Adds an address to a user's book. */
  create(userId: string, fields: AddressFields, call: Call): Promise<Result<Address, AddressProblem>> {
    const { clock, ids } = this.deps;
    const created = { id: ids.next('addr'), at: clock.now() };
    return this.change(userId, 'address.created', (book) => addAddress(book, fields, created), call);
  }

  /** Changes what is given of an address and leaves the rest. */
  update(
    { userId, id, expectedVersion }: AddressTarget,
    changes: Partial<AddressFields>,
    call: Call,
  ): Promise<Result<Address, AddressProblem>> {
    return this.change(userId, 'address.updated', (book) => changeAddress(book, id, changes, expectedVersion), call);
  }

  /** Deletes an address; answers what it was. */
  remove({ userId, id, expectedVersion }: AddressTarget, call: Call): Promise<Result<Address, AddressProblem>> {
    return this.change(userId, 'address.deleted', (book) => removeAddress(book, id, expectedVersion), call);
  }

  private async change(
    userId: string,
    action: AuditAction,
    decide: (book: AddressBook) => Decision,
    call: Call,
  ): Promise<Result<Address, AddressProblem>> {
    try {
      return await this.tryChange(userId, action, decide, call);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // A simultaneous first address was faster: now there is a book.
      return this.tryChange(userId, action, decide, call);
    }
  }

  private tryChange(
    userId: string,
    action: AuditAction,
    decide: (book: AddressBook) => Decision,
    call: Call,
  ): Promise<Result<Address, AddressProblem>> {
    const { connection, users, addresses, audit } = this.deps;

    return inTransaction<Result<Address, AddressProblem>>(connection, async (tx) => {
      const user = await users.byId(userId, tx);
      if (user?.status !== 'ACTIVE') throw new DomainError('UNAUTHENTICATED');
      const decision = decide(await addresses.bookOf(userId, tx));
      if (!decision.ok) return decision;
      const { book, address } = decision.value;
      await addresses.save(book, tx);
      await audit.record({ action, subject: address.id }, call, tx);
      return ok(address);
    });
  }
}
