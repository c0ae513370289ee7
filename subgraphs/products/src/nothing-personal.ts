import type { PersonalData } from '@shopgraph/kit';

/** What is held of people: nothing. Products, prices and their changes do not say who made them. */
export const nothingPersonal: PersonalData = {
  exportOf: async () => ({}),
  erase: async () => undefined,
};
