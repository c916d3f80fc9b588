import { readFileSync } from 'node:fs';
import { comparable } from '../../platform/http/text.js';

export interface Weakness {
  readonly code: string;
  /** What to change. */
  readonly detail: string;
}

const common = new Set(readFileSync(new URL('./common-passwords.txt', import.meta.url), 'utf8').split('\n').filter(Boolean));

/** Rows of keys that fingers walk along, and the order of digits and letters. */
const WALKS = ['01234567890', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'yxcvbnm', 'azertyuiop', 'qsdfghjklm', 'wxcvbn', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p', 'qazwsxedcrfvtgbyhnujmikolp'];
const BOTH_WAYS = WALKS.flatMap((walk) => [walk, [...walk].reverse().join('')]);
/** Shorter steps along a row happen in any sentence. */
const LEAST_WALK = 4;
/** Shorter words of the account say nothing. */
const LEAST_WORD = 3;
/** Digits and signs around a listed word; with more, they are what there is to guess. */
const MOST_AROUND = 8;
/** Characters that no dictionary, walk or repeat explains: fewer can be tried one by one. */
const LEAST_OWN = 5;

/**
 * Why a password is too easy to guess, or undefined. There are no rules of composition; what counts is how much of it
 * nobody could have listed: common passwords, words of the account and of the service, walks along the keyboard and
 * repeats, alone, doubled, or with digits and signs around them.
 *
 * @param words the account's own: username, e-mail address
 */
export function weaknessOf(password: string, words: readonly string[]): Weakness | undefined {
  const text = comparable(password);
  if (words.some((word) => text === comparable(word))) return { code: 'own-name', detail: 'The password must not be the username or e-mail address.' };
  if (isCommon(text)) return { code: 'common', detail: 'The password is one of the most used ones, or one of those with a little added. Choose another.' };
  if (withoutRepeats(text).length < LEAST_OWN) return { code: 'repeated', detail: 'The password repeats itself. Choose one that does not.' };
  if (withoutWalks(text).length < LEAST_OWN) return { code: 'sequential', detail: 'The password follows the order of the alphabet, the digits or the keyboard. Choose another.' };
  if (withoutWords(text, words).length < LEAST_OWN) return { code: 'own-words', detail: 'The password is little more than the username, the e-mail address or the name of the service. Choose another.' };
  return undefined;
}

/** Listed, or listed once the digits and signs around it and a doubling are taken away. */
function isCommon(text: string): boolean {
  const stripped = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const core = text.length - stripped.length <= MOST_AROUND ? stripped : text;
  const plain = core.replaceAll('0', 'o').replaceAll('1', 'i').replaceAll('3', 'e').replaceAll('4', 'a').replaceAll('@', 'a').replaceAll('5', 's').replaceAll('$', 's');
  return [text, core, plain].some((candidate) => common.has(candidate) || common.has(unrepeated(candidate)));
}

/** `abcabc` is `abc`: the shortest beginning of which the whole is made. */
function unrepeated(text: string): string {
  const again = (text + text).indexOf(text, 1);
  return text.slice(0, again);
}

function withoutRepeats(text: string): string {
  return unrepeated(text).replace(/(.)\1{2,}/gu, '$1');
}

function withoutWalks(text: string): string {
  let rest = '';
  for (let at = 0; at < text.length; ) {
    const length = walkAt(text, at);
    if (length < LEAST_WALK) rest += text[at];
    at += length < LEAST_WALK ? 1 : length;
  }
  return rest;
}

function walkAt(text: string, at: number): number {
  let longest = 1;
  for (const walk of BOTH_WAYS) {
    for (let from = walk.indexOf(text[at]!); from >= 0; from = walk.indexOf(text[at]!, from + 1)) {
      let length = 1;
      while (at + length < text.length && text[at + length] === walk[from + length]) length += 1;
      longest = Math.max(longest, length);
    }
  }
  return longest;
}

/** What is left once the account's words are taken away; all of it where it holds none of them. */
function withoutWords(text: string, words: readonly string[]): string {
  const rest = [...words, 'provost']
    .flatMap((word) => [word, ...word.split(/[^\p{L}\p{N}]+/u)])
    .map(comparable)
    .filter((word) => word.length >= LEAST_WORD)
    .sort((a, b) => b.length - a.length)
    .reduce((left, word) => left.replaceAll(word, ''), text);
  return rest === text ? text : withoutWalks(withoutRepeats(rest.replace(/[^\p{L}\p{N}]/gu, '')));
}
