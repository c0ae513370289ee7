import type { Result } from '@shopgraph/kit';

/** The most addresses that one user keeps. */
export const MAX_ADDRESSES = 50;

/** What people write on a parcel. */
export interface PostalAddress {
  readonly name: string;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postalCode: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly phone: string | null;
}

/** What its owner says of an address. */
export interface AddressFields extends PostalAddress {
  /** True of one address in a book at the most. */
  readonly isDefaultShipping: boolean;
  /** True of one address in a book at the most. */
  readonly isDefaultBilling: boolean;
}

/** An address that a user keeps. */
export interface Address extends AddressFields {
  readonly id: string;
  readonly createdAt: Date;
  readonly version: number;
}

/** All addresses of one user, oldest first: one document, so that what holds of them together always holds. */
export interface AddressBook {
  /** The user's id. */
  readonly id: string;
  readonly addresses: readonly Address[];
  /** 0 until it is first saved. */
  readonly version: number;
}

export type AddressProblem =
  | { readonly kind: 'too-many-addresses' }
  | { readonly kind: 'unknown-address' }
  | { readonly kind: 'address-changed'; readonly version: number };

/** The book after a change, and the address that it is about. */
export interface BookChange {
  readonly book: AddressBook;
  readonly address: Address;
}

/** The book of a user who keeps no address yet. */
export function emptyBook(userId: string): AddressBook {
  return { id: userId, addresses: [], version: 0 };
}

/** Adds an address; a new default takes the place of the one before. */
export function addAddress(
  book: AddressBook,
  fields: AddressFields,
  { id, at }: { readonly id: string; readonly at: Date },
): Result<BookChange, AddressProblem> {
  if (book.addresses.length >= MAX_ADDRESSES) return { ok: false, problems: [{ kind: 'too-many-addresses' }] };
  const address: Address = { ...fields, id, createdAt: at, version: 1 };
  return { ok: true, value: { book: withAddress(book, address), address } };
}

/**
 * Changes what is given of an address; a new default takes the place of the one before.
 * @param expectedVersion Null for whichever version it has.
 */
export function changeAddress(
  book: AddressBook,
  id: string,
  changes: Partial<AddressFields>,
  expectedVersion: number | null,
): Result<BookChange, AddressProblem> {
  const found = addressOf(book, id, expectedVersion);
  if (!found.ok) return found;
  const address: Address = { ...found.value, ...changes, version: found.value.version + 1 };
  return { ok: true, value: { book: withAddress(book, address), address } };
}

/**
 * Takes an address out of the book.
 * @param expectedVersion Null for whichever version it has.
 */
export function removeAddress(
  book: AddressBook,
  id: string,
  expectedVersion: number | null,
): Result<BookChange, AddressProblem> {
  const found = addressOf(book, id, expectedVersion);
  if (!found.ok) return found;
  const addresses = book.addresses.filter((address) => address.id !== id);
  return { ok: true, value: { book: { ...book, addresses, version: book.version + 1 }, address: found.value } };
}

function addressOf(book: AddressBook, id: string, expectedVersion: number | null): Result<Address, AddressProblem> {
  const address = book.addresses.find((one) => one.id === id);
  if (!address) return { ok: false, problems: [{ kind: 'unknown-address' }] };
  if (expectedVersion !== null && expectedVersion !== address.version) {
    return { ok: false, problems: [{ kind: 'address-changed', version: address.version }] };
  }
  return { ok: true, value: address };
}

/** The book with this address in its place, or at the end, and without other defaults of its kinds. */
function withAddress(book: AddressBook, address: Address): AddressBook {
  const others = book.addresses.map((one) => (one.id === address.id ? address : withoutDefaultsOf(one, address)));
  const addresses = others.includes(address) ? others : [...others, address];
  return { ...book, addresses, version: book.version + 1 };
}

function withoutDefaultsOf(other: Address, { isDefaultShipping, isDefaultBilling }: Address): Address {
  const losesShipping = isDefaultShipping && other.isDefaultShipping;
  const losesBilling = isDefaultBilling && other.isDefaultBilling;
  if (!losesShipping && !losesBilling) return other;
  return {
    ...other,
    isDefaultShipping: other.isDefaultShipping && !losesShipping,
    isDefaultBilling: other.isDefaultBilling && !losesBilling,
    version: other.version + 1,
  };
}
