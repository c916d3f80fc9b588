import { ValidateBy } from 'class-validator';
import { isTimeZone } from '../platform/clock/local-days.js';

export function IsTimeZone(): PropertyDecorator {
  return ValidateBy({ name: 'isTimeZone', validator: { validate: isTimeZone, defaultMessage: () => 'timeZone must be an IANA time zone such as Europe/Berlin' } });
}
