import { parseArgs } from 'node:util';

export interface CommandLine {
  /** File of the composed schema. */
  readonly supergraph: string | undefined;
  readonly port: number | undefined;
  readonly isOpen: boolean;
  readonly wantsHelp: boolean;
}

export const HELP = `Usage: npm run gateway -- [options]

Serves the shop's supergraph, configured by the environment.

  --supergraph FILE  composed Federation 2 schema (SUPERGRAPH_PATH, schema/supergraph.graphql)
  --port N           port to listen on (GATEWAY_PORT, 4000)
  --open             serve any supergraph as it is: no rules, no signatures, no limits, with introspection and explorer
  --help             show this
`;

/**
 * Reads what was written after the command.
 * @throws Error that says what is wrong, also for options that do not exist.
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      supergraph: { type: 'string' },
      port: { type: 'string' },
      open: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    supergraph: values.supergraph,
    port: values.port === undefined ? undefined : portOf(values.port),
    isOpen: values.open,
    wantsHelp: values.help,
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`--port needs a number up to 65535, not ${text}`);
  return port;
}
