import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { headText } from '../../src/audit/audit-entry';
import { SECRET, startAuditLog, type TestAuditLog } from './start-audit-log';

const ROOT = join(__dirname, '../../../..');
const COMMAND = ['--import', 'tsx', '--conditions=@shopgraph/source', 'tools/src/audit-verify.ts'];

let log: TestAuditLog;
beforeAll(async () => {
  log = await startAuditLog();
  await log.fill(3);
});
afterAll(() => log.stop());

/** What `npm run audit:verify` says and exits with. */
function auditVerify(...options: string[]): Promise<{ code: number; output: string; complaint: string }> {
  const { PATH = '' } = process.env;
  const env = { PATH, MONGODB_URI: log.uri, KEY_ENCRYPTION_SECRET: SECRET, LOG_LEVEL: 'silent' };
  return new Promise((resolve) => {
    execFile(process.execPath, [...COMMAND, ...options], { cwd: ROOT, env }, (error, output, complaint) =>
      resolve({ code: error ? Number(error.code) : 0, output, complaint }),
    );
  });
}

describe('npm run audit:verify', () => {
  it('says how many entries there are and up to where, and succeeds', async () => {
    const head = headText(await log.chain.head());
    const answer = { code: 0, output: `3 entries, head ${head}\n`, complaint: '' };
    expect(await auditVerify('--head', head)).toEqual(answer);
  });

  it('says what waits for its place', async () => {
    await log.record();
    expect((await auditVerify()).output).toContain('\n1 entries wait for their place\n');
    await log.sealAll();
  });

  it('refuses a head that is none', async () => {
    expect(await auditVerify('--head', '3')).toMatchObject({ code: 1, complaint: expect.stringContaining('Usage') });
  });

  it('fails at the first broken place, and says what is wrong there', async () => {
    const { _id: id } = (await log.entries.findOne({ sequence: 2 })) ?? { _id: '' };
    await log.entries.updateOne({ sequence: 2 }, { $set: { actor: 'user_9' } });
    const { code, output } = await auditVerify();
    expect(code).toBe(1);
    expect(output.split('\n')[0]).toMatch(/^1 entries, head 1:/);
    expect(output.split('\n')[1]).toBe(`BROKEN at 2 (${id}): changed: the entry does not say what it said`);
  });
});
