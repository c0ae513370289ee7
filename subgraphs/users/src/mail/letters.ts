import { deviceOf } from '../sessions/device';
import { type Letter, layOut, type LetterParts } from './letter-layout';
import type { LetterKind, Occasion } from './queued-mail';

/** What letters are written from. */
export interface LetterFacts {
  readonly name: string;
  /** Empty where the letter carries none. */
  readonly token: string;
  /** Where the shop's pages are, such as `https://shop.example`. */
  readonly publicUrl: string;
  /** What a notice tells of. */
  readonly occasion: Occasion | null;
}

/** Writes a letter. */
export function writeLetter(kind: LetterKind, facts: LetterFacts): Letter {
  return layOut(WRITERS[kind](facts));
}

const NOTHING_HAPPENED = 'If it was not you, do nothing: nobody has got in, and nothing was changed.';

/**
 * One writer for each kind. A mailbox that is not known to be the user's is not greeted by name: the name is
 * what somebody typed, and would carry anybody's words to strangers.
 */
const WRITERS: Readonly<Record<LetterKind, (facts: LetterFacts) => LetterParts>> = {
  verification: ({ token, publicUrl }) => ({
    subject: 'Confirm your e-mail address',
    preheader: 'One click, within 24 hours, and your account is open.',
    name: null,
    paragraphs: ['Somebody, we hope you, has registered with this address. Confirm within 24 hours that it is yours.'],
    action: { label: 'Confirm the address', url: pageUrl(publicUrl, 'verify-email', token) },
    closing: ['If it was not you, do nothing: the account stays closed.'],
  }),
  'account-exists': ({ name, publicUrl }) => ({
    subject: 'You already have an account',
    preheader: 'Nothing was changed. Sign in as usual.',
    name,
    paragraphs: [
      'Somebody, perhaps you, has tried to use this address for an account. You already have one, so nothing was changed.',
    ],
    action: { label: 'Sign in', url: pageUrl(publicUrl, 'login') },
    closing: [NOTHING_HAPPENED],
  }),
  'password-reset': ({ name, token, publicUrl }) => ({
    subject: 'Choose a new password',
    preheader: 'The link works once, within 30 minutes.',
    name,
    paragraphs: [
      'Somebody, we hope you, has asked for a new password for your account. Choose it within 30 minutes; you will be signed out everywhere else.',
    ],
    action: { label: 'Choose a new password', url: pageUrl(publicUrl, 'reset-password', token) },
    closing: [NOTHING_HAPPENED],
  }),
  'password-changed': ({ name, publicUrl, occasion }) => ({
    subject: 'Your password was changed',
    preheader: 'If it was not you, choose a new one at once.',
    name,
    paragraphs: ['The password of your account was changed, and all other devices were signed out.'],
    details: detailsOf(occasion),
    action: { label: 'It was not me', url: pageUrl(publicUrl, 'forgot-password') },
    closing: ['If it was you, there is nothing to do. If it was not, choose a new password at once.'],
  }),
  'email-change': ({ token, publicUrl }) => ({
    subject: 'Confirm your new e-mail address',
    preheader: 'The link works once, within 24 hours.',
    name: null,
    paragraphs: [
      'Somebody, we hope you, wants to use this address for their account. Confirm within 24 hours that it is yours, on a device where you are signed in.',
    ],
    action: { label: 'Confirm the new address', url: pageUrl(publicUrl, 'confirm-email-change', token) },
    closing: ['If you know nothing of it, do nothing: this address will not be used.'],
  }),
  'email-change-notice': ({ name, publicUrl, occasion }) => ({
    subject: 'Your e-mail address is about to change',
    preheader: 'If it was not you, choose a new password at once.',
    name,
    paragraphs: [
      'Somebody who knows your password, we hope you, has asked to use another address for your account. It changes as soon as the new address is confirmed.',
    ],
    details: detailsOf(occasion),
    action: { label: 'It was not me', url: pageUrl(publicUrl, 'forgot-password') },
    closing: [
      'If it was you, there is nothing to do here. If it was not, choose a new password: that stops the change.',
    ],
  }),
  'email-changed': ({ name, publicUrl, occasion }) => ({
    subject: 'Your e-mail address was changed',
    preheader: 'From now on we write to the new address.',
    name,
    paragraphs: [
      'Your account has another e-mail address now, and all other devices were signed out. This is the last mail to this address.',
    ],
    details: detailsOf(occasion),
    action: { label: 'It was not me', url: pageUrl(publicUrl, 'support') },
    closing: ['If it was you, there is nothing to do. If it was not, tell us at once.'],
  }),
  'session-stolen': ({ name, publicUrl, occasion }) => ({
    subject: 'We have signed out one of your devices',
    preheader: 'What kept it signed in may have been copied.',
    name,
    paragraphs: [
      'What keeps one of your devices signed in was used a second time. It may have been copied, so we have ended that session, for whoever holds it. If you were signed out just now, that is why: sign in again.',
    ],
    details: detailsOf(occasion),
    action: { label: 'It was not me', url: pageUrl(publicUrl, 'forgot-password') },
    closing: ['If you do not know the device or the address above, choose a new password at once.'],
  }),
};

function detailsOf(occasion: Occasion | null): [string, string][] {
  if (!occasion) return [];
  const { at, ip, userAgent, newAddress } = occasion;
  const time = at.toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return [
    ['When', `${time} UTC`],
    ...(userAgent === null ? [] : [['Device', deviceOf(userAgent)] satisfies [string, string]]),
    ...(ip === null ? [] : [['From', ip] satisfies [string, string]]),
    ...(newAddress === null ? [] : [['New address', newAddress] satisfies [string, string]]),
  ];
}

function pageUrl(publicUrl: string, page: string, token?: string): string {
  const query = token === undefined ? '' : `?token=${encodeURIComponent(token)}`;
  return `${publicUrl.replace(/\/+$/, '')}/${page}${query}`;
}
