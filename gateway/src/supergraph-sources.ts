import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { UplinkSupergraphManager } from '@apollo/gateway';
import type { Logger } from 'pino';

/** A supergraph that can change: `onChange` gets every later version, `cleanup` ends the watching. */
export type SupergraphSource = (
  onChange: (supergraphSdl: string) => void,
) => Promise<{ readonly supergraphSdl: string; readonly cleanup: () => Promise<void> }>;

interface FileOptions {
  readonly path: string;
  /** Milliseconds between two looks at the file. */
  readonly pollMs: number;
  readonly logger: Logger;
}

/** The composed schema in a file, read again whenever the file changes. */
export function supergraphFile({ path, pollMs, logger }: FileOptions): SupergraphSource {
  return async (onChange) => {
    const reload = async (): Promise<void> => {
      try {
        onChange(await readFile(path, 'utf8'));
      } catch (err) {
        logger.error({ err, path }, 'the supergraph cannot be read: keeping the old one');
      }
    };
    // Polled by name, because deployments replace the file, or a link on the way to it, rather than write into it.
    watchFile(path, { interval: pollMs, persistent: false }, reload);
    return {
      supergraphSdl: await readFile(path, 'utf8'),
      cleanup: async () => unwatchFile(path, reload),
    };
  };
}

interface UplinkOptions {
  readonly apiKey: string;
  /** `name@variant`. */
  readonly graphRef: string;
  /** Apollo's own where undefined. */
  readonly endpoints: readonly string[] | undefined;
  readonly logger: Logger;
}

/** The schema that Apollo GraphOS has composed of what subgraphs published there, asked for as often as it says. */
export function apolloUplink({ apiKey, graphRef, endpoints, logger }: UplinkOptions): SupergraphSource {
  return async (update) => {
    const manager = new UplinkSupergraphManager({
      apiKey,
      graphRef,
      logger,
      ...(endpoints && { uplinkEndpoints: [...endpoints] }),
    });
    const { supergraphSdl, cleanup } = await manager.initialize({
      update,
      // Asked only by managers that check subgraphs before they take over a schema, which this one is not told to.
      healthCheck: async () => undefined,
      getDataSource: () => ({ process: async () => ({}) }),
    });
    return { supergraphSdl, cleanup };
  };
}
