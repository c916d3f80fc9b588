import { Matches } from 'class-validator';

/** Names that cannot be mistaken for one another or for an e-mail address: ASCII, so no look-alikes of other scripts. */
export function IsUsername(): PropertyDecorator {
  return Matches(/^(?=.{3,64}$)[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, {
    message: '$property must be 3 to 64 letters, digits, dots, dashes or underscores, and begin and end with a letter or digit',
  });
}
