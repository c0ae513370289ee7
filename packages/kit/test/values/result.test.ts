import { ok, refuse, type Result } from '../../src/result';

describe('a result', () => {
  it('is a value, or all the reasons against it', () => {
    expect(ok(12)).toEqual({ ok: true, value: 12 });
    expect(refuse('sold out', 'too dear')).toEqual({ ok: false, problems: ['sold out', 'too dear'] });
  });

  it('makes its user look at both', () => {
    const halve = (units: number): Result<number, string> => (units % 2 === 0 ? ok(units / 2) : refuse('odd'));
    const describeResult = (result: Result<number, string>) =>
      result.ok ? `half is ${result.value}` : result.problems.join();
    expect([halve(4), halve(3)].map(describeResult)).toEqual(['half is 2', 'odd']);
  });
});
