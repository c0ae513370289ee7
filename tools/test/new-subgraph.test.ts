import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { schemaFiles } from '../src/schema-files';
import { type Subgraph, subgraphs } from '../src/subgraphs';
import { newRepository } from './new-repository';

jest.setTimeout(240_000);

let repository: Awaited<ReturnType<typeof newRepository>>;
beforeAll(async () => {
  repository = await newRepository();
});
afterAll(() => repository.remove());

describe('a generated subgraph', () => {
  it('is written without a word about what to fill in, and listed', async () => {
    const { code, output } = await repository.newSubgraph('gift-cards');
    expect(output).toContain('npm install');
    expect(code).toBe(0);
    expect(await repository.read('tools/src/subgraphs.ts')).toContain(
      "{ name: 'gift-cards', port: 4005, schema: giftCardsSchema, config: giftCardsConfig }",
    );
    expect(JSON.parse(await repository.read('tools/package.json')).dependencies).toMatchObject({
      '@shopgraph/gift-cards': '0.1.0',
    });
    expect(await repository.read('subgraphs/gift-cards/src/app.ts')).not.toMatch(/\{\{|TODO/);
  });

  it('composes with the others, and describes everything of its own', async () => {
    const { giftCardsSchema, configSchema } = await import(join(repository.root, 'subgraphs/gift-cards/src/index.ts'));
    const generated: Subgraph = { name: 'gift-cards', port: 4005, schema: giftCardsSchema, config: configSchema };
    const { files, undescribed } = await schemaFiles([...subgraphs, generated]);
    expect(files.get('schema/api.graphql')).toContain('giftCardCreate(');
    expect(undescribed.filter((what) => /GiftCard|giftCard/.test(what))).toEqual([]);
  });

  it('type-checks and is formatted', async () => {
    expect(await repository.bin('tsc', '--noEmit', '-p', 'subgraphs/gift-cards')).toEqual({ code: 0, output: '' });
    expect(await repository.bin('prettier', '--check', 'subgraphs/gift-cards', 'tools')).toMatchObject({ code: 0 });
  });

  it('passes its tests as it is', async () => {
    const { code, output } = await repository.bin('jest', '--config', 'jest.config.json', '-i');
    expect(output).toMatch(/Tests: +\d+ passed, \d+ total/);
    expect(code).toBe(0);
  });

  it('does not overwrite anything: a taken name is refused', async () => {
    for (const name of ['gift-cards', 'users', 'kit', 'gateway']) {
      const { code, output } = await repository.newSubgraph(name);
      expect(output).toBe(`There is a package "${name}" already.\n`);
      expect(code).toBe(1);
    }
  });

  it('is not begun when its name cannot be used', async () => {
    const before = await repository.read('tools/src/subgraphs.ts');
    for (const [args, reason] of [
      [['Reviews'], 'is no name for a subgraph'],
      [['returns'], 'name another one with --entity'],
      // The supergraph has a type of that name.
      [['wishlists', '--entity', 'Cart'], 'The supergraph has "Cart" already'],
      [[], 'Give one name.'],
    ] as const) {
      const { code, output } = await repository.newSubgraph(...args);
      expect(output).toContain(reason);
      expect(code).toBe(1);
    }
    expect(await repository.read('tools/src/subgraphs.ts')).toBe(before);
    expect(existsSync(join(repository.root, 'subgraphs/wishlists'))).toBe(false);
  });
});
