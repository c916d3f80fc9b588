import { ValidateBy } from 'class-validator';

const MOST_BYTES = 16_384;

/** Open JSON that is stored as it comes, within bounds. */
export function SmallJson(): PropertyDecorator {
  return ValidateBy({
    name: 'smallJson',
    validator: {
      validate: (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value) && Buffer.byteLength(JSON.stringify(value)) <= MOST_BYTES,
      defaultMessage: () => '$property must be an object of at most 16 KB of JSON',
    },
  });
}
