import { code as currencyByCode } from 'currency-codes';

/** An amount in minor units of a currency (ISO 4217): 1250 EUR are 12.50 €, 1250 JPY are 1250 ¥. Never a fraction. */
export interface Money {
  readonly minorUnits: number;
  readonly currencyCode: string;
}

/** Whether `code` is an ISO 4217 currency with minor units, upper case. */
export function isCurrency(code: string): boolean {
  // The list holds codes without a currency (XXX, XTS) and metals too.
  return /^[A-Z]{3}$/.test(code) && !code.startsWith('X') ? currencyByCode(code) !== undefined : FRANCS.has(code);
}

/** The currencies among the codes that begin with X. */
const FRANCS: ReadonlySet<string> = new Set(['XAF', 'XCD', 'XOF', 'XPF']);

/**
 * Decimal places of a currency: JPY 0, USD 2, KWD 3.
 * @throws RangeError for a code that is no currency.
 */
export function exponentOf(currencyCode: string): number {
  const currency = isCurrency(currencyCode) ? currencyByCode(currencyCode) : undefined;
  if (!currency) throw new RangeError(`${currencyCode} is not a currency`);
  return currency.digits;
}

/**
 * An amount of `minorUnits`.
 * @throws RangeError when it is no integer that a number holds exactly.
 */
export function money(minorUnits: number, currencyCode: string): Money {
  if (!Number.isSafeInteger(minorUnits)) throw new RangeError(`${minorUnits} is not an exact amount`);
  // Not -0, which would be printed as "-0" and is not deeply equal to 0.
  return { minorUnits: minorUnits === 0 ? 0 : minorUnits, currencyCode };
}

/** Nothing, in a currency. */
export function zero(currencyCode: string): Money {
  return money(0, currencyCode);
}

/** @throws RangeError for different currencies. */
export function addMoney(left: Money, right: Money): Money {
  assertSameCurrency(left, right);
  return money(left.minorUnits + right.minorUnits, left.currencyCode);
}

/** @throws RangeError for different currencies. */
export function subtractMoney(left: Money, right: Money): Money {
  assertSameCurrency(left, right);
  return money(left.minorUnits - right.minorUnits, left.currencyCode);
}

/** The price of `quantity` units; `quantity` is an integer. */
export function multiplyMoney({ minorUnits, currencyCode }: Money, quantity: number): Money {
  return money(minorUnits * quantity, currencyCode);
}

/** The sum of any number of amounts, all in `currencyCode`. */
export function sumMoney(amounts: readonly Money[], currencyCode: string): Money {
  return amounts.reduce(addMoney, zero(currencyCode));
}

/** Whether both are the same amount of the same currency. */
export function equalMoney(left: Money, right: Money): boolean {
  return left.minorUnits === right.minorUnits && left.currencyCode === right.currencyCode;
}

/** `basisPoints` hundredths of a percent of an amount, rounded half up (away from zero). */
export function percentOf({ minorUnits, currencyCode }: Money, basisPoints: number): Money {
  const numerator = BigInt(minorUnits) * BigInt(basisPoints);
  const half = numerator < 0n ? -5_000n : 5_000n;
  return money(Number((numerator + half) / 10_000n), currencyCode);
}

/**
 * Splits `total` minor units in proportion to `weights` (integers, not negative, not all 0), by the method of the
 * largest remainder: the parts add up to `total`, and none is a unit or more off.
 * @throws RangeError for other weights.
 */
export function allocate(total: number, weights: readonly number[]): number[] {
  if (weights.some((weight) => weight < 0)) throw new RangeError('a weight is negative');
  const sum = weights.reduce((left, right) => left + BigInt(right), 0n);
  if (sum === 0n) throw new RangeError('there is nothing to allocate to');
  const shares = weights.map((weight, index) => {
    const product = BigInt(Math.abs(total)) * BigInt(weight);
    return { index, units: Number(product / sum), remainder: product % sum };
  });
  const rest = Math.abs(total) - shares.reduce((left, { units }) => left + units, 0);
  const byRemainder = [...shares].sort((a, b) => Number(b.remainder - a.remainder) || a.index - b.index);
  const lucky = new Set(byRemainder.slice(0, rest).map(({ index }) => index));
  return shares.map(({ index, units }) => {
    const share = units + (lucky.has(index) ? 1 : 0);
    return total < 0 && share > 0 ? -share : share;
  });
}

/** Reads `"12.50"`; null when it is no decimal, has more places than the currency, or cannot be held exactly. */
export function parseMoney(amount: string, currencyCode: string): Money | null {
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d{1,16})(?:\.(\d+))?$/.exec(amount) ?? [];
  if (sign === undefined || !isCurrency(currencyCode)) return null;
  const exponent = exponentOf(currencyCode);
  if (fraction.length > exponent) return null;
  const minorUnits = Number(`${sign}${whole}${fraction.padEnd(exponent, '0')}`);
  return Number.isSafeInteger(minorUnits) ? money(minorUnits, currencyCode) : null;
}

/** The amount as a decimal with all places of its currency: `"12.50"`. */
export function decimalOf({ minorUnits, currencyCode }: Money): string {
  const exponent = exponentOf(currencyCode);
  const digits = String(Math.abs(minorUnits)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const sign = minorUnits < 0 ? '-' : '';
  return exponent === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-exponent)}`;
}

function assertSameCurrency(left: Money, right: Money): void {
  if (left.currencyCode !== right.currencyCode) {
    throw new RangeError(`${left.currencyCode} and ${right.currencyCode} do not mix`);
  }
}
