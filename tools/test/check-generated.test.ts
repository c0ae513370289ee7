import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { findDrift, generateAll } from '../src/check-generated-drift';
import { writeFiles } from '../src/check-generated-files';
import { fixtures } from './serving';

const config = z.object({ LEVEL: z.string().default('info').describe('How much is logged.') });
const sources = {
  subgraphs: fixtures.map((fixture) => ({ ...fixture, config })),
  services: [{ name: 'products', config }],
  generateTypes: async (api: string) =>
    new Map([
      [
        'packages/client/src/generated/operations.ts',
        `// ${api.includes('reviews') ? 'knows' : 'does not know'} reviews\nexport const ReviewsDocument = 'query reviews { reviews { id } }';\n`,
      ],
    ]),
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'shopgraph-test-'));
  await mkdir(join(root, 'schema'));
});
afterEach(() => rm(root, { recursive: true }));

describe('everything that is generated', () => {
  it('is generated from the code alone', async () => {
    const { files, undescribed } = await generateAll(sources);
    expect(undescribed).toEqual([]);
    expect([...files.keys()].sort()).toEqual([
      '.env.example',
      'docs/configuration.md',
      'docs/errors.md',
      'packages/client/persisted-queries.json',
      'packages/client/src/generated/operations.ts',
      'packages/client/src/generated/sdk.ts',
      'schema/api.graphql',
      'schema/contracts/partner.api.graphql',
      'schema/contracts/partner.supergraph.graphql',
      'schema/contracts/public.api.graphql',
      'schema/contracts/public.supergraph.graphql',
      'schema/products.graphql',
      'schema/reviews.graphql',
      'schema/supergraph.graphql',
    ]);
    expect(files.get('packages/client/src/generated/operations.ts')).toContain('// knows reviews');
    expect(files.get('packages/client/persisted-queries.json')).toContain('"name": "reviews"');
  });

  it('depends neither on the machine nor on the time', async () => {
    const { files } = await generateAll(sources);
    for (const [path, content] of files) {
      expect([path, content]).not.toEqual([path, expect.stringMatching(/\/(tmp|home|work|root)\/|20\d\d-\d\d-\d\d/)]);
    }
    expect((await generateAll(sources)).files).toEqual(files);
  });
});

describe('the check', () => {
  it('finds nothing where everything is as generated', async () => {
    const { files } = await generateAll(sources);
    await writeFiles(root, files);
    expect(await findDrift(root, files)).toEqual([]);
  });

  it('names what is missing, different or left over, and the command that repairs it', async () => {
    const { files } = await generateAll(sources);
    await writeFiles(root, files);
    await writeFile(join(root, 'schema/products.graphql'), 'type Query { edited: Int }');
    await writeFile(join(root, 'schema/gone.graphql'), 'type Query { gone: Int }');
    await writeFile(join(root, 'schema/contracts/gone.api.graphql'), 'type Query { gone: Int }');
    await writeFile(join(root, '.env.example'), '');
    await rm(join(root, 'packages/client/src/generated/sdk.ts'));

    expect(await findDrift(root, files)).toEqual([
      { command: 'npm run schema', files: ['schema/products.graphql'] },
      { command: 'npm run codegen', files: ['packages/client/src/generated/sdk.ts'] },
      { command: 'npm run docs', files: ['.env.example'] },
      { command: 'rm schema/gone.graphql', files: ['schema/gone.graphql'] },
      { command: 'rm schema/contracts/gone.api.graphql', files: ['schema/contracts/gone.api.graphql'] },
    ]);
  });

  it('is satisfied once the files are written again, which touches only what differs', async () => {
    const { files } = await generateAll(sources);
    await writeFiles(root, files);
    await writeFile(join(root, 'docs/errors.md'), 'edited');
    expect(await writeFiles(root, files)).toEqual(['docs/errors.md']);
    expect(await readFile(join(root, 'docs/errors.md'), 'utf8')).toBe(files.get('docs/errors.md'));
    expect(await writeFiles(root, files)).toEqual([]);
  });
});
