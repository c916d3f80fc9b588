import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isNetwork } from './networks.js';

/** A field that is an address or a CIDR. */
export function IsNetwork(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isNetwork',
      validator: { validate: (text: unknown) => typeof text === 'string' && isNetwork(text), defaultMessage: () => `${options?.each ? 'each entry of ' : ''}$property must be an address or a network such as 192.0.2.0/24 or 2001:db8::/32` },
    },
    options,
  );
}
