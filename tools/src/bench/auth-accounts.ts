export const BENCH_PASSWORD = 'violet-anchor-drifts-42';

/** The account of one client of the bench, and where that client says it is. */
export function accountOf(index: number): { readonly email: string; readonly address: string } {
  return { email: `bench-${index}@example.com`, address: `192.0.2.${index + 1}` };
}
