import { ValidateBy } from 'class-validator';

export function IsAddress(): PropertyDecorator {
  return ValidateBy({
    name: 'isEmail',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && /^[^\s@<>(),;:\\"[\]]{1,64}@[^\s@<>(),;:\\"[\]]{1,188}\.[^\s@.<>(),;:\\"[\]]{2,63}$/u.test(value),
      defaultMessage: () => 'email must be an e-mail address',
    },
  });
}
