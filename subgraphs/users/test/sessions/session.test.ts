import { decideRefresh } from '../../src/sessions/session';
import { after, aRefreshToken, aSession } from '../builders';

const DAY_MS = 86_400_000;
const spentAt = (milliseconds: number) => ({ at: after(milliseconds), salt: 'salt' });

describe('a refresh token', () => {
  it.each([
    ['is new', aRefreshToken(), aSession(), 0, { kind: 'rotate' }],
    ['is in the last moment of its life', aRefreshToken(), aSession(), DAY_MS - 1, { kind: 'rotate' }],
    ['has expired', aRefreshToken(), aSession({ expiresAt: after(2 * DAY_MS) }), DAY_MS, { kind: 'invalid' }],
    ['was just used', aRefreshToken({ spent: spentAt(0) }), aSession(), 0, { kind: 'repeat', salt: 'salt' }],
    ['was used 9.999 s ago', aRefreshToken({ spent: spentAt(0) }), aSession(), 9_999, { kind: 'repeat', salt: 'salt' }],
    ['was used 10 s ago', aRefreshToken({ spent: spentAt(0) }), aSession(), 10_000, { kind: 'stolen' }],
    [
      'was used days ago',
      aRefreshToken({ spent: spentAt(0) }),
      aSession({ expiresAt: after(9 * DAY_MS) }),
      5 * DAY_MS,
      { kind: 'stolen' },
    ],
    ['belongs to a session that ended', aRefreshToken(), aSession({ endedAt: after(0) }), 1, { kind: 'invalid' }],
    [
      'was used, in a session that ended',
      aRefreshToken({ spent: spentAt(0) }),
      aSession({ endedAt: after(0) }),
      1,
      { kind: 'invalid' },
    ],
    ['belongs to a session that expired', aRefreshToken(), aSession({ expiresAt: after(5) }), 5, { kind: 'invalid' }],
    ['belongs to no session', aRefreshToken(), null, 0, { kind: 'invalid' }],
  ])('that %s is answered accordingly', (_what, token, session, now, decision) => {
    expect(decideRefresh(token, session, after(now))).toEqual(decision);
  });
});
