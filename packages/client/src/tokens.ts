/** Where the client has access tokens from. */
export interface TokenOptions {
  /** The access token to send; null to ask as nobody. */
  readonly getToken?: (() => Promise<string | null> | string | null) | undefined;
  /**
   * Called when the shop has refused a token, once for all calls that it refused: makes `getToken` give another
   * one. Answers false, or throws, when it cannot; the calls then fail as UNAUTHENTICATED, or as it throws.
   */
  readonly refresh?: (() => Promise<boolean>) | undefined;
}

/** Gives out access tokens, and has refused ones replaced. */
export class Tokens {
  private refreshing: Promise<boolean> | undefined;

  constructor(private readonly options: TokenOptions) {}

  async current(): Promise<string | null> {
    return (await this.options.getToken?.()) ?? null;
  }

  /** Whether `current` gives another token than the refused one, if need be after a refresh. */
  async replace(refused: string | null): Promise<boolean> {
    const { refresh } = this.options;
    if (refresh === undefined) return false;
    if (this.refreshing === undefined && (await this.current()) !== refused) return true;
    this.refreshing ??= refresh().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }
}
