import type { Holding } from '../privacy/holdings';
import type { AddressStore } from './address-store';

/** The addresses that people keep. */
export function addressesHolding(addresses: AddressStore): Holding {
  return {
    name: 'addresses',
    async exportOf(userId) {
      const [book] = await addresses.booksOf([userId]);
      return book?.addresses ?? [];
    },
    erase: (userId, tx) => addresses.removeAllOf(userId, tx),
  };
}
