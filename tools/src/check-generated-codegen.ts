import { join } from 'node:path';
import { generate, loadContext } from '@graphql-codegen/cli';
import { type GeneratedFiles, ROOT } from './check-generated-files';

/** What graphql-codegen would write for codegen.yml if the public API were `api`. */
export async function generateTypes(api: string): Promise<GeneratedFiles> {
  const context = await loadContext(join(ROOT, 'codegen.yml'));
  context.cwd = ROOT;
  context.updateConfig({ schema: api, silent: true });
  const outputs = (await generate(context, false)) as { filename: string; content: string }[];
  return new Map(outputs.map(({ filename, content }) => [filename, content]));
}
