import { parseArgs } from 'node:util';
import { ROOT } from './check-generated-files';
import { generateSubgraph } from './new-subgraph-generation';
import { BadNameError } from './new-subgraph-names';

const USAGE = `npm run new:subgraph -- NAME [--entity Type] [--root DIR]

Writes subgraphs/NAME: a subgraph with one entity that can be added, read by its id and listed, and its tests.

  NAME      plural, in kebab case: reviews, gift-cards
  --entity  the GraphQL type; GiftCard for gift-cards unless given
  --root    the repository; this one unless given
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { entity: { type: 'string' }, root: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help) return void process.stdout.write(USAGE);
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) throw new BadNameError(`Give one name.\n\n${USAGE}`);

  const { names, port } = await generateSubgraph({ root: values.root ?? ROOT, name, entity: values.entity });
  process.stdout.write(`subgraphs/${name} is there: type ${names.Entity}, port ${port}. Next:

  npm install
      links the package
  npx jest subgraphs/${name}
      runs its tests, which pass as they are
  npm run schema && npm run docs
      puts it into the supergraph, and its variables into the reference

The gateway refuses what it has no rule for: name the new fields and types in gateway/src/access/permissions.ts
and visible-types.ts. To run it with the others, add it to tools/src/shop.ts and to docker-compose.yml.
`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
