import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary as commonDictionary } from '@zxcvbn-ts/language-common';
import { dictionary as englishDictionary } from '@zxcvbn-ts/language-en';
import { BREACHED_PASSWORDS } from './breached-passwords';

const LONG_ENOUGH = 12;
/** zxcvbn: more than 10^8 guesses, for short passwords. */
const STRONG = 3;
/** zxcvbn: more than 10^6 guesses. Below, length is only repetition, a row of keys, or one's own name. */
const NOT_PREDICTABLE = 2;
/** Time for an estimate grows with the square of the length; the rest can only make a password stronger. */
const ASSESSED_CHARACTERS = 64;

/** Whose password it would be. */
export interface PasswordOwner {
  readonly email: string;
  readonly name: string;
}

/** Decides which passwords are good enough. Reads its word lists, some 150,000 words, when it is made. */
export class PasswordPolicy {
  private readonly estimator = new ZxcvbnFactory({
    dictionary: { ...commonDictionary, ...englishDictionary },
    graphs: adjacencyGraphs,
  });
  private readonly breached = new Set([...Object.values(commonDictionary).flat(), ...BREACHED_PASSWORDS].map(String));

  /**
   * A password needs 12 characters, or to be strong (zxcvbn's score 3) where it has fewer. It must not
   * be on the lists of breached and common ones, nor follow from the address or the name of its owner.
   */
  isGoodEnough(password: string, owner: PasswordOwner): boolean {
    if (this.breached.has(password.toLowerCase())) return false;
    const characters = Array.from(password);
    const assessed = characters.slice(0, ASSESSED_CHARACTERS).join('');
    const { score } = this.estimator.check(assessed, wordsOf(owner));
    return score >= (characters.length >= LONG_ENOUGH ? NOT_PREDICTABLE : STRONG);
  }
}

/** The words that somebody who knows the owner would try first. */
function wordsOf({ email, name }: PasswordOwner): string[] {
  const [mailbox = ''] = email.split('@');
  const texts = [email, mailbox, name].map((text) => text.toLowerCase());
  const parts = texts.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u));
  const joined = texts.map((text) => text.replace(/[^\p{L}\p{N}]/gu, ''));
  return [...new Set([...texts, ...parts, ...joined])].filter((word) => word.length > 2).slice(0, 30);
}
