import { isTruthy, toNumber } from '../bson/numbers';
import { isDocument, type MaybeValue } from '../bson/values';
import { badValue } from '../errors';

/** How strings are compared in one language and with one strength. */
export interface Collation {
  /** The same for collations that compare alike. */
  readonly name: string;
  compare(a: string, b: string): number;
  /** One form for all strings that the collation takes for equal: what an index stores. */
  readonly fold: (text: string) => string;
}

const FOLDS: Readonly<Record<number, (text: string) => string>> = {
  1: (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase(),
  2: (text) => text.normalize('NFC').toLowerCase(),
  3: (text) => text.normalize('NFC'),
};

const known = new Map<string, Collation>();

/**
 * The collation that a command or a collection names; undefined for plain comparison by bytes.
 * @throws MongoError BadValue when there is no such locale or strength.
 */
export function collationOf(specification: MaybeValue): Collation | undefined {
  if (!isDocument(specification) || specification.locale === 'simple') return undefined;
  const { locale } = specification;
  if (typeof locale !== 'string') throw badValue('Field locale is required in a collation');
  const strength = specification.strength === undefined ? 3 : toNumber(specification.strength);
  const caseLevel = isTruthy(specification.caseLevel);
  const numeric = isTruthy(specification.numericOrdering);
  const caseFirst =
    specification.caseFirst === 'upper' || specification.caseFirst === 'lower' ? specification.caseFirst : 'false';
  const name = [locale, strength, caseLevel, numeric, caseFirst].join('/');
  const found = known.get(name);
  if (found) return found;
  const fold = FOLDS[strength];
  if (!fold) throw badValue(`Collation strength ${strength} is not supported by the embedded server`);
  const collator = collatorOf(locale, { sensitivity: sensitivityOf(strength, caseLevel), numeric, caseFirst });
  const collation: Collation = { name, fold, compare: (a, b) => collator.compare(a, b) };
  known.set(name, collation);
  return collation;
}

function sensitivityOf(strength: number, caseLevel: boolean): Intl.CollatorOptions['sensitivity'] {
  if (strength === 3) return 'variant';
  if (strength === 2) return 'accent';
  return caseLevel ? 'case' : 'base';
}

function collatorOf(locale: string, options: Intl.CollatorOptions): Intl.Collator {
  try {
    return new Intl.Collator(locale.replace('_', '-'), options);
  } catch {
    throw badValue(`Field 'locale' is invalid in: { locale: "${locale}" }`);
  }
}
