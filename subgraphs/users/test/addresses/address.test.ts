import {
  addAddress,
  type Address,
  type AddressBook,
  changeAddress,
  emptyBook,
  MAX_ADDRESSES,
  removeAddress,
} from '../../src/addresses/address';
import { NOW } from '../builders';

function anAddress(overrides: Partial<Address> = {}): Address {
  return {
    id: 'addr_1',
    name: 'Ada',
    line1: 'Rua das Flores 1',
    line2: null,
    city: 'Porto',
    region: null,
    postalCode: '4000-001',
    country: 'PT',
    phone: null,
    isDefaultShipping: false,
    isDefaultBilling: false,
    createdAt: NOW,
    version: 1,
    ...overrides,
  };
}

function aBook(...addresses: Address[]): AddressBook {
  return { id: 'user_1', addresses, version: 3 };
}

const { id: _id, createdAt: _createdAt, version: _version, ...fields } = anAddress();
const created = { id: 'addr_new', at: NOW };

/** Ids of the addresses that goods and bills go to. */
function defaultsOf({ addresses }: AddressBook) {
  const idsOf = (kind: 'isDefaultShipping' | 'isDefaultBilling') =>
    addresses.filter((address) => address[kind]).map(({ id }) => id);
  return { shipping: idsOf('isDefaultShipping'), billing: idsOf('isDefaultBilling') };
}

describe('an address book', () => {
  it('takes a first address', () => {
    const result = addAddress(emptyBook('user_1'), fields, created);
    const address = anAddress({ id: 'addr_new' });
    expect(result).toEqual({ ok: true, value: { book: { id: 'user_1', addresses: [address], version: 1 }, address } });
  });

  it('takes as many as it may hold, and no more', () => {
    const addresses = Array.from({ length: MAX_ADDRESSES - 1 }, (_, index) => anAddress({ id: `addr_${index}` }));
    const full = addAddress(aBook(...addresses), fields, created);
    if (!full.ok) throw new Error('there was room for one');
    expect(full.value.book.addresses).toHaveLength(50);
    expect(addAddress(full.value.book, fields, created)).toEqual({
      ok: false,
      problems: [{ kind: 'too-many-addresses' }],
    });
  });

  it('has one default of each kind: a new one takes the place of the one before, of its kind only', () => {
    const book = aBook(
      anAddress({ id: 'addr_both', isDefaultShipping: true, isDefaultBilling: true }),
      anAddress({ id: 'addr_none' }),
    );
    const result = addAddress(book, { ...fields, isDefaultShipping: true }, created);
    if (!result.ok) throw new Error('was refused');
    expect(defaultsOf(result.value.book)).toEqual({ shipping: ['addr_new'], billing: ['addr_both'] });
    expect(result.value.book.addresses.map(({ version }) => version)).toEqual([2, 1, 1]);

    const changed = changeAddress(result.value.book, 'addr_none', { isDefaultBilling: true }, 1);
    if (!changed.ok) throw new Error('was refused');
    expect(defaultsOf(changed.value.book)).toEqual({ shipping: ['addr_new'], billing: ['addr_none'] });
    expect(changed.value.book).toMatchObject({
      version: 5,
      addresses: [{ version: 3 }, { version: 2 }, { version: 1 }],
    });
  });

  it('may be without a default', () => {
    const book = aBook(anAddress({ isDefaultShipping: true }));
    const result = changeAddress(book, 'addr_1', { isDefaultShipping: false }, null);
    expect(result.ok && defaultsOf(result.value.book)).toEqual({ shipping: [], billing: [] });
  });

  it('changes what is given of an address, in its place', () => {
    const book = aBook(anAddress({ id: 'addr_0' }), anAddress({ phone: '+351 1' }), anAddress({ id: 'addr_2' }));
    const result = changeAddress(book, 'addr_1', { city: 'Lisboa', phone: null }, 1);
    const address = anAddress({ city: 'Lisboa', version: 2 });
    expect(result).toEqual({
      ok: true,
      value: { book: { ...book, addresses: [book.addresses[0], address, book.addresses[2]], version: 4 }, address },
    });
  });

  it('gives up an address', () => {
    const book = aBook(anAddress({ id: 'addr_0' }), anAddress());
    expect(removeAddress(book, 'addr_1', null)).toEqual({
      ok: true,
      value: { book: { ...book, addresses: [book.addresses[0]], version: 4 }, address: anAddress() },
    });
  });

  it.each([
    ['that it does not hold', 'addr_2', null, { kind: 'unknown-address' }],
    ['of another version', 'addr_1', 2, { kind: 'address-changed', version: 1 }],
  ])('changes and deletes no address %s', (_what, id, expectedVersion, problem) => {
    const book = aBook(anAddress());
    const refusal = { ok: false, problems: [problem] };
    expect(changeAddress(book, id, { city: 'Lisboa' }, expectedVersion)).toEqual(refusal);
    expect(removeAddress(book, id, expectedVersion)).toEqual(refusal);
  });
});
