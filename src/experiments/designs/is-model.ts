import { ValidateBy } from 'class-validator';
import { PRESETS } from '../terms.js';

const MOST_TERMS = 400;
const LONGEST_TERM = 500;

/** A preset's name, or a list of terms. */
export function IsModel(): PropertyDecorator {
  const isPreset = (value: unknown): boolean => (PRESETS as readonly unknown[]).includes(value);
  const isTerm = (value: unknown): boolean => typeof value === 'string' && value.length > 0 && value.length <= LONGEST_TERM;
  return ValidateBy({
    name: 'model',
    validator: {
      validate: (value: unknown) => isPreset(value) || (Array.isArray(value) && value.length > 0 && value.length <= MOST_TERMS && value.every(isTerm)),
      defaultMessage: () => `$property must be ${PRESETS.join(', ')}, or a list of 1 to ${MOST_TERMS} terms such as "A:B"`,
    },
  });
}
