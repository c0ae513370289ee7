import { parseArgs } from 'node:util';
import { benchGateways } from './gateway-bench';

const USAGE = `npm run bench -- gateway [--rounds N] [--seconds N]

  gateway      our gateway beside a stock Apollo gateway, on the same subgraphs; prints a table of medians and ratios
  --rounds N   how often both are measured, in turn (5)
  --seconds N  how long each is loaded in a round (5)
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '5' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [scenario = ''] = positionals;
  if (values.help || scenario === '') return void process.stdout.write(USAGE);
  if (scenario !== 'gateway') throw new Error(`there is no scenario ${scenario}\n\n${USAGE}`);
  await benchGateways({
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    tell: (line) => process.stdout.write(`${line}\n`),
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
