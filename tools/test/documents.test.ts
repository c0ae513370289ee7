import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';

const ROOT = join(__dirname, '../..');
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const schema = buildSchema(textOf('schema/api.graphql'));

/** What stands between the fences of a language. */
function blocksIn(file: string, language: string): string[] {
  return [...textOf(file).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text = '']) => text,
  );
}

describe.each(['README.md', 'docs/architecture.md'])('the queries of %s', (file) => {
  it('can be pasted one by one, and fit the schema', () => {
    const blocks = blocksIn(file, 'graphql');
    expect(blocks).not.toHaveLength(0);
    for (const block of blocks) {
      const document = parse(block);
      expect(document.definitions).toHaveLength(1);
      expect(validate(schema, document)).toEqual([]);
    }
  });
});
