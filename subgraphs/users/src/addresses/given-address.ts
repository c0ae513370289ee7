import type { AddressFields } from './address';
import type { AddressBookInput, AddressUpdateInput } from './inputs';

/** What a new address is. */
export function fieldsIn(input: AddressBookInput): AddressFields {
  const { name, line1, line2, city, region, postalCode, country, phone, isDefaultShipping, isDefaultBilling } = input;
  return {
    name,
    line1,
    line2: givenText(line2),
    city,
    region: givenText(region),
    postalCode: givenText(postalCode),
    country,
    phone: givenText(phone),
    isDefaultShipping: isDefaultShipping ?? false,
    isDefaultBilling: isDefaultBilling ?? false,
  };
}

/** What is given of an address; an empty text is given, and means that there is none. */
export function changesIn(input: AddressUpdateInput): Partial<AddressFields> {
  const given = Object.entries(input).filter(([, value]) => value != null);
  return Object.fromEntries(given.map(([field, value]) => [field, value === '' ? null : value]));
}

/** A text that was given; null for one that was left out or is empty, as forms send what was not filled in. */
function givenText(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
