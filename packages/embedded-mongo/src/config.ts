/** @throws Error in production without ALLOW_EMBEDDED=1: a stand-in must not keep a shop's data by mistake. */
export function refuseProduction({ NODE_ENV, ALLOW_EMBEDDED }: NodeJS.ProcessEnv = process.env): void {
  if (NODE_ENV === 'production' && ALLOW_EMBEDDED !== '1') {
    throw new Error('The embedded MongoDB is for development and tests: set MONGODB_URI, or ALLOW_EMBEDDED=1.');
  }
}
