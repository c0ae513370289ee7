type Scalar = string | number | boolean | null;

/**
 * What else there is to say of an entry: ids, names of roles, statuses, reasons, flat. No secrets and nothing
 * personal, because it outlives the person: see `checkedDetails`.
 */
export type AuditDetails = Readonly<Record<string, Scalar | readonly Scalar[]>>;

const KEY = /^[a-z][A-Za-z0-9]{0,63}$/;
const SECRET_KEY = /password|secret|token(?!Id)|hash|email|address|phone|userAgent|^ip$/i;
const MAX_TEXT = 500;
const MAX_LIST = 100;
const EMAIL_ADDRESS = /[^\s@<>]+@[^\s@<>]+/g;
const REMOVED = '[removed]';

/**
 * The details as they are kept: texts bounded, and without what looks like an e-mail address, since people
 * write anything into a reason.
 * @throws Error when a key names what must not be kept here, or a value is not flat: a mistake in the program.
 */
export function checkedDetails(details: AuditDetails): AuditDetails {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => {
      if (!KEY.test(key) || SECRET_KEY.test(key)) throw new Error(`audit details must not have a field "${key}"`);
      return [key, Array.isArray(value) ? value.slice(0, MAX_LIST).map(checkedScalar) : checkedScalar(value)];
    }),
  );

  function checkedScalar(value: unknown): Scalar {
    if (typeof value === 'string') return value.replace(EMAIL_ADDRESS, REMOVED).slice(0, MAX_TEXT);
    if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return value as Scalar;
    throw new Error(`audit details are texts, numbers and lists of them, not ${typeof value}`);
  }
}
