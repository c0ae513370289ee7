import { ValidateBy, type ValidationOptions } from 'class-validator';

/** What markup begins with: `<` before a space or a digit is a sign that people write. */
const MARKUP = /<[\p{L}/!?]/u;

/** Line breaks and other controls, halves of characters, and code points that are no characters. */
const NOT_TEXT = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029]/u;

const LINE_BREAKS_AND_TABS = /[\n\r\t]/g;

/**
 * What nobody sees: it changes the order in which a text is shown, or makes two texts look like one. Unicode's
 * Default_Ignorable_Code_Point has every bidirectional control and zero-width character, fillers, tags and selectors.
 */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2800\uFFF9-\uFFFB]/u;

/** Scripts that write some words with joiners between their letters: Persian, Sinhala, the languages of India. */
const JOINING_SCRIPTS = [
  ...['Arabic', 'Syriac', 'Mongolian', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu'],
  ...['Kannada', 'Malayalam', 'Sinhala', 'Khmer', 'Myanmar', 'Tibetan'],
];
const JOINING = `[${JOINING_SCRIPTS.map((script) => `\\p{Script=${script}}`).join('')}]`;

/** Where what nobody sees by itself belongs to the character before it. */
const SEEN_WITH_ANOTHER = new RegExp(
  [
    // Emoji and signs in colour or as text, and those made of several.
    String.raw`(?<=[\p{Emoji}\p{S}\u20E3])[\uFE0E\uFE0F]`,
    String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})`,
    // The flags of England, Scotland and Wales.
    String.raw`(?<=\u{1F3F4})[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{1,6}\u{E007F}`,
    // The one of several shapes of a Han or Mongolian letter with which a name is written.
    String.raw`(?<=\p{Script=Han})[\uFE00-\uFE02\u{E0100}-\u{E01EF}]`,
    String.raw`(?<=\p{Script=Mongolian})[\u180B-\u180F]`,
    String.raw`(?<=${JOINING})[\u200C\u200D](?=${JOINING})`,
  ].join('|'),
  'gu',
);

/**
 * Whether a text is one line in which people see all there is: in any script and direction, with emoji, but without
 * markup, controls, and characters that are not seen or turn the direction of others.
 */
export function isPlainLine(text: string): boolean {
  return !MARKUP.test(text) && !NOT_TEXT.test(text) && !UNSEEN.test(text.replace(SEEN_WITH_ANOTHER, ''));
}

/** The same for texts of several lines. */
export function isPlainText(text: string): boolean {
  return isPlainLine(text.replace(LINE_BREAKS_AND_TABS, ' '));
}

/** Input field: a text as `isPlainLine` has it; for everything on one line that people read. With `each`: every text of a list. */
export function IsPlainLine(options: Pick<ValidationOptions, 'each'> = {}) {
  return textRule('isPlainLine', 'one line of text', isPlainLine, options);
}

/** Input field: a text as `isPlainText` has it, such as a remark. */
export function IsPlainText() {
  return textRule('isPlainText', 'text', isPlainText, {});
}

function textRule(name: string, what: string, isMet: (text: string) => boolean, options: ValidationOptions) {
  const validator = {
    validate: (value: unknown) => typeof value === 'string' && isMet(value),
    defaultMessage: () => `$property must be ${what}, without markup, controls and characters that nobody sees`,
  };
  return ValidateBy({ name, validator }, options);
}
