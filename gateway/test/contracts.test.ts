import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deny, type Permission, type RequestRule, type Viewer } from '@shopgraph/kit';
import { anApiKey, aUser } from '@shopgraph/kit/testing';
import { buildSchema, isObjectType } from 'graphql';
import { noLimits } from '../src/access/field-limits';
import { gatewayPermissions } from '../src/access/permissions';
import { ruleFor } from '../src/access/request-rules';

const table = gatewayPermissions(noLimits);
const OPTIONS = { debug: true, allowExternalErrors: true, fallbackRule: deny, hashFunction: JSON.stringify };

async function passes(rule: RequestRule, viewer: Viewer): Promise<boolean> {
  const context = { viewer, _shield: { cache: {} } };
  return (await rule.resolve({}, {}, context, {} as never, OPTIONS)) === true;
}

/** The fields of a contract, as `Type.field`, that the gateway would refuse to every one of these viewers. */
async function refused(contract: string, viewers: readonly Viewer[]): Promise<string[]> {
  const schema = buildSchema(readFileSync(join(__dirname, `../../schema/contracts/${contract}.api.graphql`), 'utf8'));
  const found: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.keys(type.getFields())) {
      const rule = ruleFor(table, type.name, field);
      const verdicts = await Promise.all(viewers.map((viewer) => passes(rule, viewer)));
      if (!verdicts.includes(true)) found.push(`${type.name}.${field}`);
    }
  }
  return found;
}

/** What programs of partners work with: products, orders and their keys, not people, roles and stock. */
const PARTNER: Permission[] = ['product:read', 'product:write', 'order:read', 'order:cancel', 'api-key:manage'];

describe("the shop's contracts", () => {
  it('show the public nothing that needs a permission: tag what is for staff or programs', async () => {
    expect(await refused('public', [aUser()])).toEqual([]);
  });

  it('show partners nothing that is for staff only, or for services', async () => {
    const viewers = [aUser({ permissions: PARTNER }), anApiKey({ permissions: PARTNER })];
    expect(await refused('partner', viewers)).toEqual([]);
  });

  it('would be noticed to show more: the whole graph has fields that both are refused', async () => {
    const partner = await refused('partner', [aUser()]);
    expect(partner).toEqual(expect.arrayContaining(['Query.orders', 'Mutation.productCreate', 'ApiKey.id']));
  });
});
