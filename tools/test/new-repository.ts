import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(__dirname, '../..');
const run = promisify(execFile);

/** What the generator reads and what a package needs around it. */
const COPIED = [
  '.prettierrc.json',
  'packages/kit/package.json',
  'schema/api.graphql',
  'subgraphs/users/package.json',
  'tools/package.json',
  'tools/src/subgraphs.ts',
  'tsconfig.base.json',
];

interface Finished {
  readonly code: number;
  readonly output: string;
}

/** A repository to generate into, with the packages of this one. */
export async function newRepository() {
  const root = await mkdtemp(join(tmpdir(), 'shopgraph-repository-'));
  for (const path of COPIED) await cp(join(ROOT, path), join(root, path), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const { default: jestConfig } = (await import(join(ROOT, 'jest.config.js'))) as { default: object };
  // The server that runs already serves these tests, too.
  const jest = { ...jestConfig, globalSetup: undefined, globalTeardown: undefined };
  await writeFile(join(root, 'jest.config.json'), JSON.stringify({ ...jest, rootDir: root }));

  return {
    root,
    read: (path: string) => readFile(join(root, path), 'utf8'),
    /** Runs one of the development tools. */
    bin: (tool: string, ...args: string[]) => finish(run(join(ROOT, 'node_modules/.bin', tool), args, { cwd: root })),
    /** Runs `npm run new:subgraph` on it. */
    newSubgraph: (...args: string[]) =>
      finish(
        run(
          join(ROOT, 'node_modules/.bin/tsx'),
          ['--conditions=@shopgraph/source', join(ROOT, 'tools/src/new-subgraph.ts'), ...args, '--root', root],
          { cwd: ROOT },
        ),
      ),
    remove: () => rm(root, { recursive: true }),
  };
}

async function finish(process: Promise<{ stdout: string; stderr: string }>): Promise<Finished> {
  try {
    const { stdout, stderr } = await process;
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}
