import { ValidateBy } from 'class-validator';
import { isDue } from './due.js';

/** What may be sent as a due date. */
export function IsDue(): PropertyDecorator {
  return ValidateBy({
    name: 'isDue',
    validator: {
      validate: isDue,
      defaultMessage: () => '$property must be a day such as 2030-01-31, a local time such as 2030-01-31T09:30, or an instant such as 2030-01-31T09:30:00Z, from 1900 to 9998',
    },
  });
}
