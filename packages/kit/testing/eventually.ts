const TIMEOUT_MS = 20_000;
const INTERVAL_MS = 10;

/** Repeats a check that only time brings about until it passes; after `timeoutMs` (20 s) it throws what the check throws. */
export async function eventually<Value>(check: () => Promise<Value> | Value, timeoutMs = TIMEOUT_MS): Promise<Value> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}
