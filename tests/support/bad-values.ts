import { isEnumType, isInputObjectType } from 'graphql';
import type { InputLeaf } from './input-leaves';

/** One thing that is wrong, at one place. */
export interface BadValue {
  readonly what: string;
  readonly value: unknown;
}

/** What is kept secret, by the name of its field: any text can be one. */
const SECRETS = [
  'password',
  'currentPassword',
  'newPassword',
  'current',
  'next',
  'token',
  'guestToken',
  'code',
  'challenge',
];
/** What may hold markup, which is cleaned. */
const RICH_TEXTS = ['description'];
/** Places where a number below zero has a meaning. */
const SIGNED = ['stockAdjust.input.delta'];

const OPERATOR = { $gt: '' };
const HUGE = 'x'.repeat(100_000);

const NOT_TEXT: readonly BadValue[] = [
  { what: 'a number', value: 7 },
  { what: 'true', value: true },
  { what: 'a list', value: ['a', 'b'] },
  { what: 'an operator', value: OPERATOR },
];
const BROKEN: readonly BadValue[] = [
  { what: 'half a character', value: 'x\ud800xxxxxxxxxxxxxx' },
  { what: '100,000 characters', value: HUGE },
];
const TRICKS: readonly BadValue[] = [
  { what: 'a null byte', value: 'xxxxxxxx\0x' },
  { what: 'a turned direction', value: 'xxxxxxxx\u202egpj.exe' },
  { what: 'what nobody sees', value: 'xxxxxxxx\u200bx' },
];
const MARKUP: readonly BadValue[] = [{ what: 'markup', value: 'xxxxxxxx<img src=x onerror=alert(1)>' }];

const NOT_NUMBERS: readonly BadValue[] = [
  { what: 'NaN', value: 'NaN' },
  { what: 'a number in a text', value: '7' },
  { what: 'a fraction', value: 1.5 },
  { what: 'more than 32 bits', value: 1e10 },
  { what: 'an operator', value: OPERATOR },
  { what: 'a list', value: [1, 2] },
];

const BY_SCALAR: Readonly<Record<string, readonly BadValue[]>> = {
  Boolean: [
    { what: 'true in a text', value: 'true' },
    { what: 'a number', value: 1 },
    { what: 'an operator', value: OPERATOR },
  ],
  CountryCode: [...NOT_TEXT, ...BROKEN, { what: 'no country', value: 'ZZ' }],
  CurrencyCode: [...NOT_TEXT, ...BROKEN, { what: 'no currency', value: 'ZZZ' }],
  DateTime: [...NOT_TEXT.slice(1), ...BROKEN, { what: 'no day', value: '2026-02-30T00:00:00Z' }],
  Decimal: [...NOT_TEXT, ...BROKEN, { what: 'NaN', value: 'NaN' }, { what: 'an exponent', value: '1e400' }],
  Float: [...NOT_NUMBERS.slice(0, 2), ...NOT_NUMBERS.slice(4)],
  ID: [
    ...NOT_TEXT.slice(1),
    ...BROKEN,
    { what: 'an operator in JSON', value: '{"$gt":""}' },
    { what: 'a part of every object', value: '__proto__' },
    { what: 'nothing', value: '' },
    { what: 'an id of nothing', value: 'nothing_01jz0000000000000000000000' },
  ],
  Int: NOT_NUMBERS,
  Long: NOT_NUMBERS.filter(({ what }) => what !== 'more than 32 bits'),
};

/** Everything that must not be taken at this place of a mutation. */
export function badValuesFor(mutation: string, { path, type, isRequired }: InputLeaf): BadValue[] {
  const absent = isRequired ? [{ what: 'null', value: null }] : [];
  return [...absent, ...contentsFor([mutation, ...path].join('.'), String(path.filter(isName).at(-1)), type)];
}

function contentsFor(place: string, name: string, type: InputLeaf['type']): readonly BadValue[] {
  if (isInputObjectType(type)) {
    return [
      { what: 'a text', value: 'x' },
      { what: 'an operator', value: OPERATOR },
      { what: 'a field of every object', value: JSON.parse('{"__proto__":{"isAdmin":true}}') as object },
      { what: 'a constructor', value: { constructor: { prototype: { isAdmin: true } } } },
    ];
  }
  if (isEnumType(type)) return [...NOT_TEXT, { what: 'no value of it', value: 'constructor' }];
  if (type.name === 'Int' || type.name === 'Long') {
    const negative = SIGNED.includes(place) ? [] : [{ what: 'less than nothing', value: -1 }];
    return [...NOT_NUMBERS.filter((bad) => BY_SCALAR[type.name]?.includes(bad)), ...negative];
  }
  if (type.name !== 'String') {
    const values = BY_SCALAR[type.name];
    if (!values) throw new Error(`no bad values for ${type.name}`);
    return values;
  }
  const isSecret = SECRETS.includes(name);
  return [
    ...NOT_TEXT,
    ...BROKEN,
    ...(isSecret ? [] : TRICKS.slice(0, RICH_TEXTS.includes(name) ? 1 : undefined)),
    ...(isSecret || RICH_TEXTS.includes(name) ? [] : MARKUP),
  ];
}

function isName(part: string | number): part is string {
  return typeof part === 'string';
}
