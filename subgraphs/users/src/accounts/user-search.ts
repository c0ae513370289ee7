import { domainToUnicode } from 'node:url';
import { foldText, wordsOf } from '@shopgraph/kit';
import type { User } from './user';

/** What a user is sorted and found by. */
export interface UserSearchFields {
  /** The name without case and accents. */
  readonly nameSort: string;
  /** The words of name and address, and the whole address. */
  readonly searchWords: readonly string[];
}

/** What is stored beside a user, to find them by. */
export function searchFieldsOf({ name, email }: Pick<User, 'name' | 'email'>): UserSearchFields {
  // An address is known with its domain in ASCII; people write it in their own letters.
  const [local = '', domain = ''] = email.split('@');
  const addresses = [email, `${local}@${domainToUnicode(domain)}`];
  const words = wordsOf(oneSigma([name, ...addresses].join(' ')));
  return { nameSort: foldText(name), searchWords: [...new Set([...words, ...addresses.map(foldAddress)])] };
}

/**
 * With what each of a user's `searchWords` has to begin, that all words of a search are found. What looks like an
 * address is looked for as a whole. A search without words finds nobody: the text itself is nobody's word.
 */
export function searchTermsOf(search: string): string[] {
  const parts = search.split(/\s+/u).filter((part) => part !== '');
  const terms = parts.flatMap((part) => (part.indexOf('@') > 0 ? [foldAddress(part)] : wordsOf(oneSigma(part))));
  return terms.length > 0 ? [...new Set(terms)] : [search];
}

function foldAddress(address: string): string {
  return foldText(oneSigma(address));
}

/** At the end of a word Greek writes it in another way: the end of what somebody types is not the end of the word. */
function oneSigma(text: string): string {
  return text.replaceAll('ς', 'σ');
}
