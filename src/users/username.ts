import { Matches } from 'class-validator';

/** Names that cannot be mistaken for one another or for an e-mail address: ASCII, so no look-alikes of other scripts. */
export const USERNAME = /^(?=.{3,64}$)[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

const RULE = 'must be 3 to 64 letters, digits, dots, dashes or underscores, and begin and end with a letter or digit';
export const USERNAME_RULE = `A username ${RULE}.`;

export function IsUsername(): PropertyDecorator {
  return Matches(USERNAME, { message: `$property ${RULE}` });
}
