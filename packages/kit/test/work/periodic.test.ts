import { everyInterval } from '../../src/periodic';
import { aGate, eventually } from '../../testing';
import { recordingLogger } from '../recording-logger';
import { silentLogger } from '../silent-logger';

const HOUR_MS = 3_600_000;

describe('background work at intervals', () => {
  it('runs at the start and then again and again', async () => {
    let runs = 0;
    const work = everyInterval({
      name: 'work',
      intervalMs: 5,
      run: async () => void (runs += 1),
      logger: silentLogger,
    });
    expect(runs).toBe(0);
    await work.start();
    await eventually(() => expect(runs).toBeGreaterThan(2));
    await work.stop();
  });

  it('never overlaps itself, and serves all nudges during a run by one further run', async () => {
    const gates = [aGate(), aGate()];
    let runs = 0;
    let atOnce = 0;
    const work = everyInterval({
      name: 'work',
      intervalMs: HOUR_MS,
      async run() {
        atOnce += 1;
        expect(atOnce).toBe(1);
        await gates[runs++]?.passed;
        atOnce -= 1;
      },
      logger: silentLogger,
    });
    await work.start();
    const nudged = Promise.all([work.nudge(), work.nudge(), work.nudge()]);
    expect(runs).toBe(1);
    gates[0]?.open();
    await eventually(() => expect(runs).toBe(2));
    gates[1]?.open();
    await nudged;
    expect(runs).toBe(2);
    await work.stop();
  });

  it('logs what fails and goes on', async () => {
    const { logger, lines } = recordingLogger();
    let runs = 0;
    const run = async () => {
      runs += 1;
      if (runs === 1) throw new Error('the database is away');
    };
    const work = everyInterval({ name: 'expiry', intervalMs: 5, run, logger });
    await work.start();
    await eventually(() => expect(runs).toBeGreaterThan(1));
    await work.stop();
    expect(lines()).toMatchObject([{ background: 'expiry', error: { message: 'the database is away' } }]);
  });

  it('waits, when it is stopped, for the run under way, and runs no more', async () => {
    const gate = aGate();
    let isDone = false;
    let runs = 0;
    const run = async () => {
      runs += 1;
      await gate.passed;
      isDone = true;
    };
    const work = everyInterval({ name: 'work', intervalMs: 1, run, logger: silentLogger });
    await work.start();
    void work.nudge();
    const stopped = work.stop().then(() => isDone);
    gate.open();
    expect(await stopped).toBe(true);
    await work.nudge();
    expect(runs).toBe(1);
  });
});
