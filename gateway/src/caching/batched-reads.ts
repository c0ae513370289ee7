interface Reading {
  readonly keys: readonly string[];
  readonly resolve: (values: ReadMany) => void;
  readonly reject: (error: unknown) => void;
}

/** The value of a key that was asked for; null where there is none. */
export type ReadMany = (key: string) => string | null;

/** Reads what is asked for in one tick by one command: the fetches of a plan's step, and of requests beside it. */
export class BatchedReads {
  private waiting: Reading[] = [];

  /** @param readAll The values of keys, in their order. */
  constructor(private readonly readAll: (keys: string[]) => Promise<(string | null)[]>) {}

  /** @throws Error what `readAll` throws. */
  read(keys: readonly string[]): Promise<ReadMany> {
    if (this.waiting.length === 0) queueMicrotask(() => void this.flush());
    return new Promise((resolve, reject) => this.waiting.push({ keys, resolve, reject }));
  }

  private async flush(): Promise<void> {
    const { waiting } = this;
    this.waiting = [];
    const keys = [...new Set(waiting.flatMap((reading) => reading.keys))];
    try {
      const values = await this.readAll(keys);
      const found = new Map(keys.map((key, index) => [key, values[index] ?? null]));
      for (const { resolve } of waiting) resolve((key) => found.get(key) ?? null);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
