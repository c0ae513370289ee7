import bowser from 'bowser';

const UNKNOWN = 'Unknown device';
/** Where nothing is recognised, a user agent's own text would be taken for a name: whoever sends it chose it. */
const BROWSERS = new Set(Object.values(bowser.BROWSER_MAP));
const SYSTEMS = new Set(Object.values(bowser.OS_MAP));

/** What people call the device that sends this user agent: `Firefox on Windows`; `Unknown device` for all others. */
export function deviceOf(userAgent: string | null): string {
  if (!userAgent?.trim()) return UNKNOWN;
  const { browser, os } = bowser.parse(userAgent);
  const names = [known(browser.name, BROWSERS), known(os.name, SYSTEMS)].filter((name) => name !== null);
  return names.length === 0 ? UNKNOWN : names.join(' on ');
}

function known(name: string | undefined, names: ReadonlySet<string>): string | null {
  return name !== undefined && names.has(name) ? name : null;
}
