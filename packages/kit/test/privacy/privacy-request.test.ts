import { afterFailure, afterSuccess, receiveRequest } from '../../src/privacy-request';

const HOUR_MS = 3_600_000;
const start = new Date('2026-01-01T00:00:00Z');
const at = (milliseconds: number) => new Date(start.getTime() + milliseconds);

const anErasure = receiveRequest({ id: 'privjob_1', kind: 'ANONYMISE', userId: 'user_1' }, start);
const anExport = receiveRequest({ id: 'privjob_2', kind: 'EXPORT', userId: 'user_1' }, start);

describe('a privacy request', () => {
  it('is due at once', () => {
    expect(anErasure).toMatchObject({ dueAt: start, answeredAt: null, failures: 0 });
  });

  it('ends with its answer when it was for an export', () => {
    expect(afterSuccess(anExport, at(5))).toBeNull();
  });

  it('is erased again after an hour and after 25, for what was under way and for tokens that were still good', () => {
    const once = afterSuccess(anErasure, at(5));
    expect(once).toMatchObject({ answeredAt: at(5), dueAt: at(HOUR_MS) });
    const twice = afterSuccess(once!, at(HOUR_MS));
    expect(twice).toMatchObject({ answeredAt: at(5), dueAt: at(25 * HOUR_MS) });
    expect(afterSuccess(twice!, at(25 * HOUR_MS))).toBeNull();
  });

  it('leaves no pass out when it was asked for once more', () => {
    const again = { ...anErasure, answeredAt: null, dueAt: at(2 * HOUR_MS) };
    expect(afterSuccess(again, at(2 * HOUR_MS))).toMatchObject({ dueAt: at(25 * HOUR_MS) });
  });

  it.each([
    [0, 5_000],
    [1, 10_000],
    [5, 160_000],
    [6, 300_000],
    [600, 300_000],
  ])('waits after failure number %i + 1 for %i ms', (failures, delay) => {
    expect(afterFailure({ ...anErasure, failures }, start)).toMatchObject({ failures: failures + 1, dueAt: at(delay) });
  });

  it('forgets its failures when it succeeds', () => {
    expect(afterSuccess({ ...anErasure, failures: 7 }, start)).toMatchObject({ failures: 0 });
  });
});
