import { request } from 'undici';

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly data: Record<string, Record<string, unknown> | null> | null;
  readonly codes: readonly string[];
  /** As they came. */
  readonly setCookies: readonly string[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

type Operation = { readonly query: string; readonly variables?: object };

interface BrowserOptions {
  readonly url: string;
  /** Of the page that asks; none unless given, as programs have none. */
  readonly origin?: string;
  /** What it says of refresh tokens; `cookie` unless given. */
  readonly transport?: string | null;
}

/** What a browser does about cookies: it keeps what it is given, sends it back, and forgets what has expired. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(private readonly options: BrowserOptions) {}

  /** The value of the only cookie; undefined when there is none. */
  get cookie(): string | undefined {
    return [...this.cookies.values()][0];
  }

  /** The same browser, with a page of another origin or another wish. */
  with(options: Partial<BrowserOptions>): Browser {
    const other = new Browser({ ...this.options, ...options });
    this.cookies.forEach((value, name) => other.cookies.set(name, value));
    return other;
  }

  async send(body: Operation | readonly Operation[], accessToken?: string | null): Promise<Answer> {
    const headers = { 'content-type': 'application/json', ...this.headers(accessToken) };
    const response = await request(this.options.url, { method: 'POST', headers, body: JSON.stringify(body) });
    return this.read(response);
  }

  async get(query: string): Promise<Answer> {
    const url = `${this.options.url}?query=${encodeURIComponent(query)}`;
    return this.read(await request(url, { headers: { ...this.headers(), 'apollo-require-preflight': 'true' } }));
  }

  private headers(accessToken?: string | null): Record<string, string> {
    const { origin, transport = 'cookie' } = this.options;
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return {
      ...(origin !== undefined && { origin }),
      ...(transport !== null && { 'x-refresh-token-transport': transport }),
      ...(cookie !== '' && { cookie }),
      ...(accessToken && { authorization: `Bearer ${accessToken}` }),
    };
  }

  private async read({ statusCode: status, headers, body }: Awaited<ReturnType<typeof request>>): Promise<Answer> {
    const text = await body.text();
    const setCookies = [headers['set-cookie'] ?? []].flat();
    for (const setCookie of setCookies) {
      const [pair = '', ...attributes] = setCookie.split('; ');
      const [name = '', value = ''] = pair.split('=');
      if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const { data = null, errors = [] } = JSON.parse(text) as {
      data?: Answer['data'];
      errors?: { extensions: { code: string } }[];
    };
    return { status, text, data, codes: errors.map(({ extensions }) => extensions.code), setCookies, headers };
  }
}
