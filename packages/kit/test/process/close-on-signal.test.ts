import { eventually } from '../../testing';
import { startProcess } from './start-process';

describe('on a signal', () => {
  it.each([
    ['works', '5000', 0, ['closing']],
    ['fails', '5000', 1, ['closing', 'could not close']],
    ['hangs', '50', 1, ['closing', 'not closed in time']],
  ])('a process whose closing %s within %s ms ends with %d', async (close, graceMs, code, messages) => {
    const child = startProcess('closing-main.ts', { CLOSE: close, GRACE_MS: graceMs });
    await eventually(() => expect(child.output.stdout).toContain('waiting'), 20_000);
    child.process.kill('SIGTERM');
    expect(await child.exited).toBe(code);
    expect(child.output.stdout).toContain(JSON.stringify(messages));
  });
});
