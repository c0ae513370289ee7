import { Turns } from '../src/turns';

/** Work that notes when it begins, and ends when it is told to. */
function aWork(name: string, notes: string[]) {
  let end = (): void => undefined;
  let fail = (): void => undefined;
  const ending = new Promise<string>((resolve, reject) => {
    end = () => resolve(name);
    fail = () => reject(new Error(name));
  });
  const work = (): Promise<string> => {
    notes.push(name);
    return ending;
  };
  return { work, end, fail };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('keep work on one key in its order, and let work on another one pass', async () => {
    const turns = new Turns();
    const notes: string[] = [];
    const [first, second, other] = [aWork('first', notes), aWork('second', notes), aWork('other', notes)];
    const answers = [turns.take(['a'], first.work), turns.take(['a'], second.work), turns.take(['b'], other.work)];
    await settle();
    expect(notes).toEqual(['first', 'other']);
    [first, second, other].forEach(({ end }) => end());
    expect(await Promise.all(answers)).toEqual(['first', 'second', 'other']);
    expect(notes).toEqual(['first', 'other', 'second']);
  });

  it('make work on several keys wait for all of them, whatever order they are named in', async () => {
    const turns = new Turns();
    const notes: string[] = [];
    const [a, ab, ba] = [aWork('a', notes), aWork('ab', notes), aWork('ba', notes)];
    const answers = [turns.take(['a'], a.work), turns.take(['a', 'b'], ab.work), turns.take(['b', 'a'], ba.work)];
    for (const { end } of [a, ab, ba]) {
      await settle();
      end();
    }
    expect(await Promise.all(answers)).toEqual(['a', 'ab', 'ba']);
    expect(notes).toEqual(['a', 'ab', 'ba']);
  });

  it('pass on when work fails, which only its caller hears of', async () => {
    const turns = new Turns();
    const notes: string[] = [];
    const [bad, good] = [aWork('bad', notes), aWork('good', notes)];
    const answers = [turns.take(['a'], bad.work), turns.take(['a'], good.work)];
    bad.fail();
    good.end();
    expect(await Promise.allSettled(answers)).toMatchObject([
      { status: 'rejected', reason: { message: 'bad' } },
      { status: 'fulfilled', value: 'good' },
    ]);
  });
});
