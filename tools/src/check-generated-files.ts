import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** The root of the repository. */
export const ROOT = resolve(__dirname, '../..');

/** The SDL of the public API, among the generated files. */
export const API_SCHEMA = 'schema/api.graphql';

/** What belongs into which file; paths are relative to the root, with slashes. */
export type GeneratedFiles = ReadonlyMap<string, string>;

/** Writes the files that differ from what is there, and answers with their paths. */
export async function writeFiles(root: string, files: GeneratedFiles): Promise<string[]> {
  const changed = await driftOf(root, files);
  for (const path of changed) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, files.get(path) ?? '');
  }
  return changed;
}

/** The paths whose files are missing or hold something else. */
export async function driftOf(root: string, files: GeneratedFiles): Promise<string[]> {
  const drifted: string[] = [];
  for (const [path, content] of files) {
    if ((await contentOf(join(root, path))) !== content) drifted.push(path);
  }
  return drifted;
}

async function contentOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
