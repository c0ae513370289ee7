const CENSORED = '[redacted]';
const MAX_DEPTH = 10;

/** Names of fields, in lower case without separators, whose values are not logged. */
const SECRETS = [
  ...['password', 'passwordhash', 'currentpassword', 'newpassword', 'token', 'accesstoken', 'refreshtoken'],
  ...['guesttoken', 'secret', 'clientsecret', 'apikey', 'xapikey', 'authorization', 'cookie', 'setcookie'],
  ...['xsignature', 'xviewer', 'xclient', 'xrefreshcookie', 'signingkeys'],
];
const PERSONAL = [
  ...['email', 'newemail', 'phone', 'addresses', 'shippingaddress', 'billingaddress'],
  ...['line1', 'line2', 'postalcode'],
];
const REDACTED: ReadonlySet<string> = new Set([...SECRETS, ...PERSONAL]);

/** Whether values under this name are secret or personal: `refreshToken`, `refresh_token`, `Set-Cookie`. */
export function isRedacted(name: string): boolean {
  return REDACTED.has(name.toLowerCase().replaceAll(/[-_]/g, ''));
}

/** A copy for the log, in which secrets and personal data are replaced by `[redacted]`, at whatever depth. */
export function redacted(value: unknown, ancestors: readonly object[] = []): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (ancestors.includes(value)) return '[circular]';
  if (ancestors.length >= MAX_DEPTH) return '[too deep]';
  const within = [...ancestors, value];
  if (hasJson(value)) return redacted(value.toJSON(), within);
  if (Array.isArray(value)) return value.map((element) => redacted(element, within));
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, isRedacted(name) ? CENSORED : redacted(field, within)]),
  );
}

/** Whether an object says itself what JSON is to hold of it, as dates and database documents do. */
function hasJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}
