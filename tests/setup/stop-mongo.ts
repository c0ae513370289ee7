/** Ends what `startMongo` has started. */
export default async function stopMongo(): Promise<void> {
  await globalThis.embeddedMongo?.stop();
}
