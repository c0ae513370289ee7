import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { operations } from '../src';

const api = buildSchema(readFileSync(join(__dirname, '../../../schema/api.graphql'), 'utf8'));
const manifest = JSON.parse(readFileSync(join(__dirname, '../persisted-queries.json'), 'utf8'));

describe.each(Object.values(operations).map((operation) => [operation.name, operation] as const))(
  '%s',
  (_name, operation) => {
    const text = String(operation.document);

    it('fits the public schema', () => {
      expect(validate(api, parse(text))).toEqual([]);
    });

    it('is on the list of known operations, under the hash of what is sent', () => {
      expect(operation.hash).toBe(createHash('sha256').update(text).digest('hex'));
      expect(manifest[operation.hash]).toEqual({ name: operation.name, body: text });
    });
  },
);

it('knows which mutations may be repeated', () => {
  const mutations = Object.values(operations).filter(({ kind }) => kind === 'mutation');
  const repeatable = mutations.filter(({ repeatable }) => repeatable).map(({ name }) => name);
  expect(repeatable).toEqual(['checkout', 'orderCancel', 'stockAdjust']);
});

it('lists nothing that the client does not send', () => {
  expect(Object.keys(manifest)).toHaveLength(Object.keys(operations).length);
});
