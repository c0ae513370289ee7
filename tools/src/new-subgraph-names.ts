/** Everything that is called after a new subgraph and its entity. */
export interface SubgraphNames {
  /** `gift-cards`: folder, package, service, beginning of event types. */
  readonly name: string;
  /** `giftCards`, `GiftCards`, `GIFT_CARDS`: what belongs to the subgraph as a whole. */
  readonly subgraph: string;
  readonly Subgraph: string;
  readonly ENV: string;
  /** `giftCard`, `GiftCard`, `gift-card`: the entity. */
  readonly entity: string;
  readonly Entity: string;
  readonly 'entity-kebab': string;
  /** `giftCards`: all of them. */
  readonly entities: string;
  /** `gift_card`: begins their ids. */
  readonly prefix: string;
  /** `gift card`, `gift cards`, `Gift cards`: for sentences. */
  readonly words: string;
  readonly 'words-plural': string;
  readonly Words: string;
  /** `a` or `an`. */
  readonly a: string;
  readonly A: string;
}

/** Files of every subgraph, beside which one is called after the entity. */
const TAKEN_FILES = [
  'app',
  'config',
  'context',
  'index',
  'inputs',
  'main',
  'permissions',
  'resolvers',
  'schema',
  'types',
  'user-errors',
];

/** Words that cannot be the name of a variable, and those that the templates use for something else. */
const TAKEN_WORDS = (
  'await break case catch class const continue debugger default delete do else enum export extends false finally ' +
  'for function if implements import in instanceof interface let new null package private protected public return ' +
  'static super switch this throw true try typeof var void while with yield ' +
  'call clock connection create data error event events id ids name names outbox page query services subgraph'
).split(' ');

/** Thrown for names that cannot be used, with what to do about it. */
export class BadNameError extends Error {
  override readonly name = 'BadNameError';
}

/**
 * Derives all names from the subgraph's, in the plural and kebab case, and its entity's, `GiftCard`.
 * @throws BadNameError for a name that is malformed, or that code cannot use.
 */
export function subgraphNames(name: string, entity: string | undefined): SubgraphNames {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40) {
    throw new BadNameError(`"${name}" is no name for a subgraph: use up to 40 lower-case letters, digits and dashes.`);
  }
  if (entity !== undefined && !/^[A-Z][A-Za-z0-9]{0,39}$/.test(entity)) {
    throw new BadNameError(`"${entity}" is no name for a type: write it like GiftCard.`);
  }
  const kebab = entity === undefined ? singularOf(name) : kebabOf(entity);
  const camel = camelOf(kebab);
  if (TAKEN_FILES.includes(kebab) || TAKEN_WORDS.includes(camel) || camelOf(pluralOf(kebab)) === camel) {
    throw new BadNameError(`An entity cannot be called "${camel}": name another one with --entity, such as GiftCard.`);
  }
  const words = kebab.replaceAll('-', ' ');
  const article = /^[aeiou]/.test(words) ? 'an' : 'a';
  return {
    name,
    subgraph: camelOf(name),
    Subgraph: capitalised(camelOf(name)),
    ENV: name.replaceAll('-', '_').toUpperCase(),
    entity: camel,
    Entity: entity ?? capitalised(camel),
    'entity-kebab': kebab,
    entities: camelOf(pluralOf(kebab)),
    prefix: kebab.replaceAll(/[^a-z]+/g, '_'),
    words,
    'words-plural': pluralOf(words),
    Words: capitalised(pluralOf(words)),
    a: article,
    A: capitalised(article),
  };
}

/** `categories` → `category`, `boxes` → `box`, `reviews` → `review`; the rest as it is. */
function singularOf(plural: string): string {
  return plural
    .replace(/ies$/, 'y')
    .replace(/(s|x|ch|sh)es$/, '$1')
    .replace(/([^s])s$/, '$1');
}

function pluralOf(singular: string): string {
  if (/[^aeiou]y$/.test(singular)) return singular.replace(/y$/, 'ies');
  return /(s|x|ch|sh)$/.test(singular) ? `${singular}es` : `${singular}s`;
}

function kebabOf(pascal: string): string {
  return pascal.replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase();
}

function camelOf(kebab: string): string {
  return kebab.replaceAll(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
