import { parseArgs } from 'node:util';
import { benchAuth } from './auth-bench';
import { benchGateways } from './gateway-bench';
import { benchMemory } from './memory-bench';
import { benchReloads } from './reload-bench';

const USAGE = `npm run bench -- gateway [--rounds N] [--seconds N]
npm run bench -- auth [--seconds N]
npm run bench -- reload [--reloads N]
npm run bench -- memory [--requests N]

  gateway      our gateway, open and as shipped, with REDIS_URL also with its cache, beside a stock Apollo gateway, on
               the same subgraphs; prints a table of medians and ratios
  auth         logins at the cost of production, what they cost other queries, and how fast access tokens are
               verified; prints a table with goals, and exits with 1 when one is missed
  reload       the heap of the shop's gateway over new versions of its supergraph; exits with 1 when it grows by more than
               a tenth
  memory       heap and resident memory of a gateway over many requests; exits with 1 when one grows by more than a tenth
  --rounds N   how often each gateway is measured, in turn (5)
  --seconds N  how long each load lasts (5; auth 12)
  --reloads N  versions that are taken over (50)
  --requests N requests that are answered (1000000)
`;

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string' },
      reloads: { type: 'string', default: '50' },
      requests: { type: 'string', default: '1000000' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [scenario = ''] = positionals;
  if (values.help || scenario === '') return void process.stdout.write(USAGE);
  switch (scenario) {
    case 'gateway':
      return benchGateways({ rounds: Number(values.rounds), seconds: Number(values.seconds ?? 5), tell });
    case 'auth':
      if (!(await benchAuth({ seconds: Number(values.seconds ?? 12), tell }))) process.exitCode = 1;
      return;
    case 'reload':
      if (!(await benchReloads({ reloads: Number(values.reloads), tell }))) process.exitCode = 1;
      return;
    case 'memory':
      if (!(await benchMemory({ requests: Number(values.requests), tell }))) process.exitCode = 1;
      return;
    default:
      throw new Error(`there is no scenario ${scenario}\n\n${USAGE}`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
