import { type Viewer } from '@shopgraph/kit';
import { anonymous, signedClient, testKeys } from '@shopgraph/kit/testing';
import type { UserStatus } from '../src/accounts/user';
import { PasswordHasher } from '../src/passwords/password-hasher';
import { GOOD_PASSWORD, journeys, LOGIN, newAddress, REGISTER } from './journeys';
import { REQUEST_EMAIL_CHANGE, REQUEST_RESET } from './passwords/password-journeys';
import { rankDeviate, shiftBetween } from './rank-test';
import { startUsers, type TestUsers } from './start-users';

/** Some milliseconds of work, so that a hash that is left out is seen. */
const BCRYPT_COST = 6;
const TRIES = 200;
/** Pairs of requests under way at once, where answers come in whole steps: no more than a step has time for. */
const AT_ONCE = 3;
const HOUR_MS = 3_600_000;

/** What is told apart: less than two milliseconds, or what may well be an accident, is nothing to go by. */
const MAX_SHIFT_MS = 2;
const MAX_DEVIATE = 5;
/** What may be an accident or not: then the comparison goes on. */
const DOUBTFUL_DEVIATE = 2.5;
const MAX_LOOKS = 4;

let users: TestUsers;
let hasher: PasswordHasher;
let passwordHash: string;
beforeAll(async () => {
  hasher = new PasswordHasher(BCRYPT_COST);
  users = await startUsers({ hasher });
  passwordHash = await hasher.hash(GOOD_PASSWORD);
});
afterAll(() => users.stop());

interface Attempt {
  readonly viewer?: Viewer;
  readonly query: string;
  readonly variables: object;
}

type Kind = 'known' | 'unknown';

interface Observed {
  readonly answer: string;
  readonly milliseconds: number;
}

let lastAddress = 0;

/** Sends a request from an address of its own, as whoever asks for many accounts would, and takes the time. */
async function observe({ viewer = anonymous, query, variables }: Attempt): Promise<Observed> {
  lastAddress += 1;
  const ip = `10.${lastAddress >> 16}.${(lastAddress >> 8) & 255}.${lastAddress & 255}`;
  const send = signedClient(users.origin, testKeys, users.clock, { ip, userAgent: null });
  const begin = performance.now();
  const answer = await send(viewer, query, variables);
  return { answer: JSON.stringify(answer), milliseconds: performance.now() - begin };
}

interface Comparison {
  readonly known: () => Attempt;
  readonly unknown: () => Attempt;
  readonly count?: number;
  readonly atOnce?: number;
  readonly afterRound?: () => void;
}

/** Sends `count` requests about each of two kinds of addresses, in pairs, whose order changes. */
async function compare({ known, unknown, count = TRIES, atOnce = 1, afterRound }: Comparison) {
  const seen: Record<Kind, Observed[]> = { known: [], unknown: [] };
  const pair = async (index: number): Promise<void> => {
    const kinds = [['known', known] as const, ['unknown', unknown] as const];
    const inTurn = index % 2 === 0 ? kinds : kinds.reverse();
    const send = async ([kind, attempt]: (typeof kinds)[number]) => void seen[kind].push(await observe(attempt()));
    if (atOnce > 1) await Promise.all(inTurn.map(send));
    else for (const kind of inTurn) await send(kind);
  };
  for (let done = 0; done < count; done += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, index) => pair(done + index)));
    afterRound?.();
  }
  return seen;
}

/** Expects one answer about both kinds, in times that nobody can tell apart; where it is not clear, it looks longer. */
async function expectAlike(comparison: Comparison): Promise<void> {
  const times: Record<Kind, number[]> = { known: [], unknown: [] };
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const seen = await compare(comparison);
    const answers = new Set([...seen.known, ...seen.unknown].map(({ answer }) => answer));
    expect([...answers]).toHaveLength(1);
    expect([...answers][0]).not.toContain('"errors"');

    for (const kind of ['known', 'unknown'] as const)
      times[kind].push(...seen[kind].map(({ milliseconds }) => milliseconds));
    const [shift, deviate] = [shiftBetween(times.known, times.unknown), rankDeviate(times.known, times.unknown)];
    if (areToldApart(shift, deviate)) {
      throw new Error(
        `known addresses take ${shift.toFixed(1)} ms longer, by ${deviate.toFixed(1)} standard deviations`,
      );
    }
    if (Math.abs(deviate) < DOUBTFUL_DEVIATE) return;
  }
}

function areToldApart(shift: number, deviate: number): boolean {
  return Math.abs(shift) > MAX_SHIFT_MS && Math.abs(deviate) > MAX_DEVIATE;
}

/** Makes accounts in this state; answers a function that gives the address of another one each time. */
async function accounts(status: UserStatus, count: number): Promise<() => string> {
  const made = Array.from({ length: MAX_LOOKS * (count + AT_ONCE) }, () => {
    const email = newAddress();
    const account = { _id: `user_${email}`, email, name: 'Ada', passwordHash, status, emailVerified: true };
    return { ...account, roleIds: ['CUSTOMER'], createdAt: users.clock.now(), version: 1 };
  });
  await users.collection('users').insertMany(made);
  return () => made.pop()?.email ?? '';
}

const STATUSES = [
  ['ACTIVE', TRIES],
  ['UNVERIFIED', 40],
  ['DEACTIVATED', 40],
] as const;

describe.each(STATUSES)('an account that is %s looks like none', (status, tries) => {
  it('to who signs in with a wrong password', async () => {
    const attempt = (email: string): Attempt => ({
      query: LOGIN,
      variables: { input: { email, password: 'a-wrong-violet-anchor' } },
    });
    const known = await accounts(status, tries);
    await expectAlike({ known: () => attempt(known()), unknown: () => attempt(newAddress()), count: tries });
  });

  it('to who registers its address', async () => {
    const attempt = (email: string): Attempt => ({
      query: REGISTER,
      variables: { input: { email, password: GOOD_PASSWORD, name: 'Ada' } },
    });
    const known = await accounts(status, tries);
    await expectAlike({
      known: () => attempt(known()),
      unknown: () => attempt(newAddress()),
      count: tries,
      atOnce: AT_ONCE,
    });
  });

  it('to who says that they have forgotten its password', async () => {
    const attempt = (email: string): Attempt => ({ query: REQUEST_RESET, variables: { email } });
    const known = await accounts(status, tries);
    await expectAlike({
      known: () => attempt(known()),
      unknown: () => attempt(newAddress()),
      count: tries,
      atOnce: AT_ONCE,
    });
  });

  it('to who wants its address for their own account', async () => {
    const { join } = journeys(users);
    // Each asks for one address at a time: more attempts at once would have to wait.
    const viewers = await Promise.all(Array.from({ length: 2 * AT_ONCE }, async () => (await join()).viewer));
    let asked = 0;
    const attempt = (newEmail: string): Attempt => {
      const viewer = viewers[(asked += 1) % viewers.length] ?? anonymous;
      return { viewer, query: REQUEST_EMAIL_CHANGE, variables: { newEmail, password: GOOD_PASSWORD } };
    };
    // Beyond five in an hour nobody is mailed.
    const afterRound = () => users.clock.advance(HOUR_MS / 4);
    const known = await accounts(status, tries);
    await expectAlike({
      known: () => attempt(known()),
      unknown: () => attempt(newAddress()),
      count: tries,
      atOnce: AT_ONCE,
      afterRound,
    });
  });
});

describe('an account that is ANONYMISED', () => {
  it('looks like none to who signs in with what was its password', async () => {
    const attempt = (email: string): Attempt => ({
      query: LOGIN,
      variables: { input: { email, password: GOOD_PASSWORD } },
    });
    const known = await accounts('ANONYMISED', 40);
    await expectAlike({ known: () => attempt(known()), unknown: () => attempt(newAddress()), count: 40 });
  });
});

describe('the comparison', () => {
  it('sees five milliseconds more, and a hash less, but not the noise of the machine', () => {
    const noise = (seed: number) => Math.abs(Math.sin(seed * 12.9898) * 43_758.5453) % 1;
    const sample = (from: number, extra: number) =>
      Array.from(
        { length: TRIES },
        (_, index) => 10 + extra + 8 * noise(from + index) ** 3 + (index % 17 === 0 ? 90 : 0),
      );
    const differs = (a: number[], b: number[]) => areToldApart(shiftBetween(a, b), rankDeviate(a, b));
    expect(differs(sample(1, 0), sample(1_000, 0))).toBe(false);
    expect(differs(sample(1, 5), sample(1_000, 0))).toBe(true);
    expect(differs(sample(1, 0), sample(1_000, 4))).toBe(true);
  });
});
